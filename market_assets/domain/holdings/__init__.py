"""What mainland investors hold of Hong Kong's stocks: agreement, changes, movers, newcomers."""
