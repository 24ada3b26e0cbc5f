"""Other ways to do each exercise, by which the judge is tried. They are read, never imported."""
