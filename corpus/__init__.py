"""From files to initiatives: no model, no network."""
