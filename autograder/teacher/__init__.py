"""The teacher's side: grade, report, release, otter, and the kit's check of itself."""
