"""Named papers: model -> context -> PDF (文书)."""
