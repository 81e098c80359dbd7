//! Session: check, lower, run and explain over tables of front ends, passes and back ends.
