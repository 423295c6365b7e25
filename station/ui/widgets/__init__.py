"""Small pieces every screen may use. They show values and emit intentions; they know no desk."""
