"""m21: what a model keeps, and how it travels."""
