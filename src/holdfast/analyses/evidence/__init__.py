"""What do we know, and on whose word: claims merged to their origins, weighed, pooled and drawn."""
