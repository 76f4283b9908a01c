//! The formats of a report: each satisfies its schema, all hold the same findings,
//! every region is where the text is, and nothing that does not matter (line ends,
//! lines in front, order) changes them. The program writes all formats in one run
//! for each case; what the rules say is tested elsewhere.

#[path = "reports/cases.rs"]
mod cases;
#[path = "reports/formats.rs"]
mod formats;
#[expect(dead_code, reason = "shared with the tests of rules, which look into the octets as well")]
#[path = "common/places.rs"]
mod places;
#[expect(dead_code, reason = "shared with the tests of the command line, which have more to ask")]
#[path = "common/program.rs"]
mod program;
#[path = "reports/regions.rs"]
mod regions;
#[path = "reports/schemas.rs"]
mod schemas;
#[path = "reports/stability.rs"]
mod stability;
