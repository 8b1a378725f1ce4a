"""How the kinds of alerts are called and marked, in tables and on charts."""

WORDS = {
    "high_volume": "▲ high",
    "low_volume": "▼ low",
    "volume_spike": "★ spike",
    "volume_drop": "◆ drop",
}
SYMBOLS = {
    "high_volume": "triangle-up",
    "low_volume": "triangle-down",
    "volume_spike": "star",
    "volume_drop": "diamond",
}
"""Of Plotly."""
