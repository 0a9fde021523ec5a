//! What does a person see while the program works, and at the end?

pub mod asked;
pub mod explain;
pub mod layout;
pub mod manual;
pub mod nearest;
pub mod overview;
pub mod progress;
pub mod rejections;
pub mod screen;
