"""The listed mistakes, written in other words."""
