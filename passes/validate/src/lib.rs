//! User-facing checks that hold for every dialect, one file each.
