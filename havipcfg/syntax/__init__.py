"""Text to lossless tree, logical lines and nested statements, as keepalived reads a file."""
