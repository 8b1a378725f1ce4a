"""What the publishers of the Southbound shareholdings say, a module each."""
