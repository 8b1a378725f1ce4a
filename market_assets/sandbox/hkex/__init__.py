"""An invented Southbound: holdings of real lines, in each of their publishers' formats."""
