//! What does the service answer to whoever asks for its routes? OpenAPI 3.1, whose schemas are those of the result files.

use serde_json::Value;

const DESCRIPTION: &str = include_str!("openapi.json");
const INDEX: &str = include_str!("../../schemas/index.json");
const CLUSTERS: &str = include_str!("../../schemas/clusters.json");

/// The description, with the rows of `dedup index add` and of `clusters.jsonl` in their places.
pub fn description() -> Result<Value, serde_json::Error> {
    let mut description: Value = serde_json::from_str(DESCRIPTION)?;
    let mut index: Value = serde_json::from_str(INDEX)?;
    let schemas = &mut description["components"]["schemas"];
    schemas["Answer"] = index["oneOf"][0].take();
    schemas["Cluster"] = serde_json::from_str(CLUSTERS)?;
    Ok(description)
}
