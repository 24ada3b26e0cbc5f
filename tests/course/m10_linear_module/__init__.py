"""m10: nn.Module, nn.Linear and their parameters."""
