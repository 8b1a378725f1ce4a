"""The neighbouring exchanges, their currencies and the comparison of markets as assets."""
