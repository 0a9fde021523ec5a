//! How do precision and recall go with the threshold?

use plotters::prelude::*;

use crate::collection::Collection;
use crate::options::Tuning;
use crate::run::{Outcome, evaluate};
use crate::set::Set;

/// The thresholds that are tried.
const THRESHOLDS: [f64; 10] = [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95];

/// One threshold with what it gives.
pub struct Point {
    threshold: f64,
    precision: f64,
    recall: f64,
}

/// The points of each set.
pub fn points(
    sets: &[Set],
    others: &[Collection],
    tuning: &Tuning,
) -> Result<Vec<Vec<Point>>, String> {
    let mut by_set: Vec<Vec<Point>> = sets.iter().map(|_| Vec::new()).collect();
    for threshold in THRESHOLDS {
        let outcomes = evaluate(sets, others, &tuning.with("threshold", threshold)?)?;
        for (points, outcome) in by_set.iter_mut().zip(outcomes) {
            points.extend(point(threshold, outcome));
        }
    }
    Ok(by_set)
}

fn point(threshold: f64, outcome: Outcome) -> Option<Point> {
    let pairs = outcome
        .clusters
        .map(|clusters| clusters.pairs)
        .or(outcome.containment)?;
    Some(Point {
        threshold,
        precision: pairs.precision,
        recall: pairs.recall,
    })
}

/// The curve as SVG, each point with its threshold.
pub fn drawn(name: &str, points: &[Point]) -> Result<String, String> {
    let mut svg = String::new();
    draw(&mut svg, name, points).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn draw(svg: &mut String, name: &str, points: &[Point]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, (520, 420)).into_drawing_area();
    area.fill(&WHITE)?;
    let lowest = |figure: fn(&Point) -> f64| {
        let least = points.iter().map(figure).fold(1.0, f64::min);
        (least * 10.0 - 0.5).floor() / 10.0
    };
    let (left, bottom) = (
        lowest(|point| point.recall).max(0.0),
        lowest(|point| point.precision).max(0.0),
    );
    let mut chart = ChartBuilder::on(&area)
        .caption(
            format!("{name}: precision and recall by threshold"),
            ("sans-serif", 16),
        )
        .margin(12)
        .x_label_area_size(34)
        .y_label_area_size(44)
        .build_cartesian_2d(left..1.02, bottom..1.02)?;
    chart
        .configure_mesh()
        .x_desc("recall")
        .y_desc("precision")
        .draw()?;
    let place = |point: &Point| (point.recall, point.precision);
    chart.draw_series(LineSeries::new(points.iter().map(place), &BLUE))?;
    chart.draw_series(points.iter().map(|point| {
        EmptyElement::at(place(point))
            + Circle::new((0, 0), 3, BLUE.filled())
            + Text::new(point.threshold.to_string(), (5, -12), ("sans-serif", 11))
    }))?;
    area.present()?;
    drop(chart);
    Ok(())
}
