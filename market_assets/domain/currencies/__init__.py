"""What exchange rates of many banks come to: cross rates, each by the path it was found on."""
