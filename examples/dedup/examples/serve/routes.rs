//! What is answered under which path?

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, FromRequest, MatchedPath, Path, Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post};
use reprint::Index;
use reprint::index::{Answer, Outcome};
use reprint::report::records::{self, ClusterRecord};
use serde::{Deserialize, Serialize};

use crate::guard;
use crate::openapi;
use crate::posted::Posted;
use crate::refusal::{Refusal, json};
use crate::service::Service;

/// How long a client may take to send a body.
const MAX_SENDING: Duration = Duration::from_secs(30);

/// The path that needs no token: whoever restarts a service asks it.
const HEALTH: &str = "/health";

type Shared = State<Arc<Service>>;
type Answered = Result<Response, Refusal>;

/// Every path with its method; the description must have the same.
pub fn routes() -> [(&'static str, &'static str, MethodRouter<Arc<Service>>); 8] {
    [
        ("post", "/documents", post(add)),
        ("delete", "/documents/{id}", delete(remove)),
        ("post", "/query", post(query)),
        ("get", "/clusters/{id}", get(cluster)),
        ("get", "/explain", get(explain)),
        ("get", "/metrics", get(metrics)),
        ("get", HEALTH, get(health)),
        ("get", "/openapi.json", get(description)),
    ]
}

pub fn router(service: Arc<Service>) -> Router {
    let router = routes().into_iter().fold(Router::new(), |router, route| {
        let (_, path, method) = route;
        router.route(path, method)
    });
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_method)
        .layer(DefaultBodyLimit::max(service.max_body))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&service),
            guarded,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&service),
            counted,
        ))
        .with_state(service)
}

async fn guarded(State(service): Shared, request: Request, next: Next) -> Response {
    let is_open = request.uri().path() == HEALTH;
    let allowed = guard::check(service.token.as_deref(), request.headers());
    match allowed {
        Err(refusal) if !is_open => refusal.into_response(),
        _ => next.run(request).await,
    }
}

async fn counted(State(service): Shared, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = request.extensions().get::<MatchedPath>();
    let path = path.map_or("other", MatchedPath::as_str).to_owned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    let response = next.run(request).await;
    let is_error = response.status().as_u16() >= 400;
    service
        .metrics
        .count((method, path), is_error, begun.elapsed());
    response
}

async fn add(State(service): Shared, request: Request) -> Answered {
    let permit = service.admit().await?;
    let posted = received(&service, request).await?;
    let is_list = posted.is_list;
    let work = move |index: &mut Index| Ok(index.add(&posted.documents)?);
    let answers = service.write(permit, work).await?;
    match answers.first() {
        Some(only) if !is_list && only.outcome == Outcome::Conflict => Err(conflict(&only.id)),
        _ => rows(&answers, is_list),
    }
}

async fn query(State(service): Shared, request: Request) -> Answered {
    let permit = service.admit().await?;
    let posted = received(&service, request).await?;
    let is_list = posted.is_list;
    let work = move |index: &Index| Ok(index.query(&posted.documents)?);
    rows(&service.read(permit, work).await?, is_list)
}

async fn remove(State(service): Shared, id: Result<Path<String>, PathRejection>) -> Answered {
    let id = id_of_path(id)?;
    let permit = service.admit().await?;
    let work = move |index: &mut Index| match index.remove(&[&id])?.first() {
        Some(true) => Ok(serde_json::json!({"id": id, "removed": true})),
        _ => Err(Refusal::unknown_id(&id).at("path")),
    };
    let removed = service.write(permit, work).await?;
    Ok(json(StatusCode::OK, removed.to_string()))
}

/// Parameters of `/clusters/{id}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterParameters {
    #[serde(default = "yes")]
    settle: bool,
}

fn yes() -> bool {
    true
}

/// The cluster of a document. Where documents were added or removed, the next generation is made first, as `dedup index clusters` does:
/// whoever has just added a document wants the cluster that it is in now.
async fn cluster(
    State(service): Shared,
    id: Result<Path<String>, PathRejection>,
    parameters: Result<Query<ClusterParameters>, QueryRejection>,
) -> Answered {
    let id = id_of_path(id)?;
    let Query(ClusterParameters { settle }) = parameters.map_err(bad_parameters)?;
    let permit = service.admit().await?;
    let (shared, asked) = (Arc::clone(&service), id.clone());
    let work = move |index: &Index| {
        check_known(index, &asked, "path")?;
        let is_enough = index.is_settled() || !settle;
        is_enough
            .then(|| cluster_row(&shared, index, &asked))
            .transpose()
    };
    let row = match service.read(Arc::clone(&permit), work).await? {
        Some(row) => row,
        None => {
            let shared = Arc::clone(&service);
            let work = move |index: &mut Index| {
                // It may have gone meanwhile.
                check_known(index, &id, "path")?;
                index.settle(&*shared)?;
                cluster_row(&shared, index, &id)
            };
            service.write(permit, work).await?
        }
    };
    Ok(json(StatusCode::OK, row))
}

/// The answer of `/clusters/{id}`.
#[derive(Serialize)]
struct ClusterRow<'a> {
    id: &'a str,
    generation: u64,
    /// Is the generation that of the documents that are there?
    settled: bool,
    /// None if the document was no copy of another one.
    cluster: Option<ClusterRecord<'a>>,
}

fn cluster_row(service: &Service, index: &Index, id: &str) -> Result<String, Refusal> {
    let generation = service.generation(index)?;
    let row = ClusterRow {
        id,
        generation: generation.number,
        settled: index.is_settled(),
        cluster: generation.cluster_of(id).map(records::cluster),
    };
    serde_json::to_string(&row).map_err(Refusal::broken)
}

/// Parameters of `/explain`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: String,
    b: String,
}

async fn explain(State(service): Shared, pair: Result<Query<Pair>, QueryRejection>) -> Answered {
    let Query(Pair { a, b }) = pair.map_err(bad_parameters)?;
    let permit = service.admit().await?;
    let work = move |index: &Index| {
        check_known(index, &a, "parameter a")?;
        check_known(index, &b, "parameter b")?;
        let evidence = index.explain(&a, &b)?;
        let texts = [index.text(&a)?, index.text(&b)?].map(Option::unwrap_or_default);
        // The places of the two in the evidence are 0 and 1; both are 0 for a document and itself.
        let documents = [(&a, &texts[0]), (&b, &texts[1])];
        Ok(dedup::evidence_row(&documents, &evidence))
    };
    Ok(json(StatusCode::OK, service.read(permit, work).await?))
}

async fn metrics(State(service): Shared) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], service.metrics.text()).into_response()
}

async fn health() -> Response {
    json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned())
}

async fn description() -> Answered {
    let description = openapi::description().map_err(Refusal::broken)?;
    Ok(json(StatusCode::OK, description.to_string()))
}

async fn unknown_path() -> Refusal {
    let error = "there is nothing under this path; /openapi.json has all paths";
    Refusal::new(StatusCode::NOT_FOUND, error).at("path")
}

async fn unknown_method() -> Refusal {
    let error = "this path has another method; /openapi.json has all methods";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, error).at("method")
}

/// The documents of a body.
async fn received(service: &Service, request: Request) -> Result<Posted, Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| is_json(kind.as_bytes())) {
        // Pages of other sites can send any other type without asking the browser.
        let error = "the body must be JSON; send \"Content-Type: application/json\"";
        let refusal = Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error);
        return Err(refusal.at("header Content-Type"));
    }
    let body = Bytes::from_request(request, &());
    let body = tokio::time::timeout(MAX_SENDING, body).await;
    let body = body.map_err(|_| {
        let error = "the body did not come in time; send fewer documents at once";
        Refusal::new(StatusCode::REQUEST_TIMEOUT, error)
    })?;
    Posted::parse(&body.map_err(|error| unread(&error, service.max_body))?)
}

fn is_json(kind: &[u8]) -> bool {
    let kind = kind.split(|&byte| byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// Why a body was not read: it has too many bytes, or its sending was cut off.
fn unread(rejection: &BytesRejection, max_body: usize) -> Refusal {
    let error = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => format!(
            "the body has more than {max_body} bytes; send fewer documents at once, or start with a higher --max-body"
        ),
        _ => format!("the body was cut off: {}", rejection.body_text()),
    };
    Refusal::new(rejection.status(), error)
}

/// The rows of answers, in the shape in which the documents came.
fn rows(answers: &[Answer], is_list: bool) -> Answered {
    let rows = answers.iter().map(dedup::answer_row);
    let rows = rows
        .collect::<Result<Vec<_>, _>>()
        .map_err(Refusal::broken)?;
    let rows = rows.join(",");
    let body = if is_list { format!("[{rows}]") } else { rows };
    Ok(json(StatusCode::OK, body))
}

fn conflict(id: &str) -> Refusal {
    let error = format!(
        "the id {id:?} is in the index with another text; remove that document first, or give this one another id"
    );
    Refusal::new(StatusCode::CONFLICT, error).at("/id")
}

fn check_known(index: &Index, id: &str, place: &str) -> Result<(), Refusal> {
    match index.contains(id) {
        true => Ok(()),
        false => Err(Refusal::unknown_id(id).at(place)),
    }
}

fn id_of_path(id: Result<Path<String>, PathRejection>) -> Result<String, Refusal> {
    id.map(|Path(id)| id).map_err(|error| {
        let refusal = Refusal::new(StatusCode::BAD_REQUEST, error.body_text());
        refusal.at("path")
    })
}

fn bad_parameters(error: QueryRejection) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, error.body_text()).at("parameters")
}
