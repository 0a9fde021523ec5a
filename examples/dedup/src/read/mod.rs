//! What do bytes hold? This layer unpacks, decodes and parses; it knows neither the command line nor where documents are
//! kept.

pub mod blocks;
pub mod caught;
pub mod csv;
pub mod encoding;
pub mod feature;
pub mod header;
pub mod html;
mod http;
pub mod json;
pub mod kind;
pub mod limits;
pub mod mail;
pub mod mailbox;
#[cfg(feature = "office")]
mod office;
pub mod packing;
pub mod page;
pub mod place;
pub mod reason;
pub mod records;
mod roff;
pub mod rows;
mod tags;
pub mod text;
pub mod unpack;
pub mod warc;
mod window;
