"""What the nine publishers of the Casablanca exchange say, a module each."""
