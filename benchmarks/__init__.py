"""How long the books of a large company take to compute, and whether the answer is right. See docs/performance.md."""
