"""Sample data: plainly fictitious agencies whose forms go through the real writing, reading and recording."""
