"""What the traded volume tells: averages, ratios, alerts, trends, sectors, the market."""
