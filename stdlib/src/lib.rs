//! Policies, actions and flows shipped as text in the project's own formats.
