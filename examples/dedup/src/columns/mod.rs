//! How are Parquet files read? Row group by row group, and within a group column by column, a few thousand rows at a time. Damage
//! in a file costs only the damaged rows.
//!
//! `table` opens a file, after `footer` has checked its index. `group` reads the rows of a row group, and `column` the rows of one
//! column, from checked `pages`. `tree` and `value` put rows together as JSON. `copy` writes the kept rows.

mod column;
mod copy;
mod footer;
mod group;
mod pages;
mod rows;
mod table;
mod tree;
mod value;

pub use column::Lost;
pub use copy::copy;
use group::{Batch, Group};
pub use rows::{Found, read_group};
pub use table::Table;
pub use tree::Tree;
