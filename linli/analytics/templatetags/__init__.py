"""What pages of figures need."""
