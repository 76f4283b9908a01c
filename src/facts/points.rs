//! Places that extensions point to: distribution points of revocation lists (RFC
//! 5280 §4.2.1.13, §4.2.1.15) and descriptions of access (§4.2.2). Knows their
//! form and nothing of what stands at the other end.

use super::general_name::GeneralName;
use crate::der::{Element, Got, Reader, Span, tag};
use crate::limits;
use crate::oid::Oid;

/// Names what is read here in faults.
const PART: &str = "extnValue";

/// A `DistributionPoint`: which of its three fields are there.
#[derive(Clone, Debug)]
pub struct DistributionPoint<'a> {
    /// `distributionPoint`.
    pub name: Option<PointName<'a>>,
    /// `reasons`.
    pub reasons: Option<Element<'a>>,
    /// `cRLIssuer`.
    pub crl_issuer: Option<Vec<GeneralName<'a>>>,
    /// The whole element.
    pub span: Span,
}

/// A `DistributionPointName`.
#[derive(Clone, Debug)]
pub enum PointName<'a> {
    /// `fullName`.
    Full(Vec<GeneralName<'a>>),
    /// `nameRelativeToCRLIssuer`.
    Relative,
}

/// An `AccessDescription`.
#[derive(Clone, Copy, Debug)]
pub struct AccessDescription<'a> {
    /// `accessMethod`.
    pub method: Oid<'a>,
    /// `accessLocation`.
    pub location: GeneralName<'a>,
    /// The whole element.
    pub span: Span,
}

impl<'a> DistributionPoint<'a> {
    /// Reads the content of a `CRLDistributionPoints` to its end.
    ///
    /// # Errors
    /// Where a point has another form.
    pub fn read_all(mut list: Reader<'a>) -> Got<Vec<Self>> {
        let mut points = Vec::new();
        while !list.is_empty() {
            if points.len() == limits::LIST_ITEMS {
                return Err(list.fault("has more points than are looked at"));
            }
            let element = list.expect(tag::SEQUENCE)?;
            let mut fields = Reader::of(&element, PART);
            let name = fields.optional(0xa0)?.map(|name| PointName::read(&name)).transpose()?;
            let reasons = fields.optional(0x81)?;
            let crl_issuer = fields.optional(0xa2)?.map(|names| general_names(&names)).transpose()?;
            fields.finish()?;
            points.push(Self { name, reasons, crl_issuer, span: element.span });
        }
        Ok(points)
    }

    /// Whether it has a name that is relative to the issuer of the list.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        matches!(self.name, Some(PointName::Relative))
    }

    /// The names of its `fullName`.
    #[must_use]
    pub fn full_name(&self) -> &[GeneralName<'a>] {
        match &self.name {
            Some(PointName::Full(names)) => names,
            _ => &[],
        }
    }
}

impl<'a> PointName<'a> {
    fn read(element: &Element<'a>) -> Got<Self> {
        let mut choice = Reader::of(element, PART);
        let name = choice.any()?;
        choice.finish()?;
        match name.tag {
            0xa0 => general_names(&name).map(Self::Full),
            0xa1 => Ok(Self::Relative),
            _ => Err(choice.fault("holds an element that is no DistributionPointName")),
        }
    }
}

impl<'a> AccessDescription<'a> {
    /// Reads the content of an `AuthorityInfoAccessSyntax` to its end.
    ///
    /// # Errors
    /// Where a description has another form.
    pub fn read_all(mut list: Reader<'a>) -> Got<Vec<Self>> {
        let mut descriptions = Vec::new();
        while !list.is_empty() {
            if descriptions.len() == limits::LIST_ITEMS {
                return Err(list.fault("has more descriptions than are looked at"));
            }
            let element = list.expect(tag::SEQUENCE)?;
            let mut fields = Reader::of(&element, PART);
            let method = Oid(fields.expect(tag::OID)?.content);
            if !method.is_well_formed() {
                return Err(fields.fault("holds a malformed OBJECT IDENTIFIER"));
            }
            let location = GeneralName::read(&fields.any()?, PART)?;
            fields.finish()?;
            descriptions.push(Self { method, location, span: element.span });
        }
        Ok(descriptions)
    }
}

fn general_names<'a>(element: &Element<'a>) -> Got<Vec<GeneralName<'a>>> {
    GeneralName::read_all(Reader::of(element, PART), PART)
}
