"""What one-page documents say, worded from a view: an agency's (`agency`), a ministry's (`ministry`), and what both are
held against (`group`). pmqa.exports draws them."""
