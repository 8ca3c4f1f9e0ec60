"""Files by content, documents with revisions, gap-free number registers, legal instruments with validity."""
