"""Chapter 6: be right on new images."""
