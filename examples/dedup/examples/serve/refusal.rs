//! Why was a request refused?

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error as it is answered: what happened, and what to do.
#[derive(Debug, Serialize)]
pub struct Refusal {
    #[serde(skip)]
    pub status: StatusCode,
    pub error: String,
    /// Where in the request: a JSON pointer, a line and column, a parameter, or the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Refusal {
    pub fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            place: None,
        }
    }

    /// The same, with its place in the request.
    pub fn at(self, place: impl Into<String>) -> Self {
        Self {
            place: Some(place.into()),
            ..self
        }
    }

    pub fn unknown_id(id: &str) -> Self {
        let error = format!("no document of the index has the id {id:?}; check it");
        Self::new(StatusCode::NOT_FOUND, error)
    }

    pub fn busy() -> Self {
        let error = "other requests take the whole time; try again in a moment";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, error)
    }

    /// The work has ended without an answer.
    pub fn broken(error: impl ToString) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl From<reprint::Error> for Refusal {
    fn from(error: reprint::Error) -> Self {
        if let Some([first, second]) = error.duplicates() {
            let problem = format!(
                "the documents {first} and {second} of the list have one id; give each its own"
            );
            return Self::new(StatusCode::CONFLICT, problem).at(format!("/{second}/id"));
        }
        match error.is_stopped() {
            true => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the service ends; ask again when it has started anew",
            ),
            false => Self::broken(error),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Strings only: it can't fail.
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = json(self.status, body);
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An answer in JSON.
pub fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
