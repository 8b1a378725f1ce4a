"""The neighbours' exchanges, invented: figures of real lines, in their publishers' formats."""
