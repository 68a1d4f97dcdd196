"""What happens when servers and workers are killed, frozen and brought back."""
