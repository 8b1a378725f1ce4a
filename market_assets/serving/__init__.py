"""Who reads what is published; never the writer's file, never a publisher."""
