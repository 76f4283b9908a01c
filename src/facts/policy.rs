//! Certificate policies and what maps and limits them (RFC 5280 §4.2.1.4, §4.2.1.5,
//! §4.2.1.11). Knows nothing of the other extensions.

use std::borrow::Cow;

use super::general_name::saturating_int;
use super::name;
use crate::der::{Element, Got, Reader, Span, tag};
use crate::limits;
use crate::oid::Oid;

/// Content octets of id-qt-cps.
const CPS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 2, 1];
/// Content octets of id-qt-unotice.
const USER_NOTICE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 2, 2];

/// certificatePolicies.
#[derive(Clone, Debug)]
pub struct Policies<'a> {
    /// The policies in order.
    pub information: Vec<PolicyInformation<'a>>,
    /// The qualifiers of all of them, in order.
    pub qualifiers: Vec<PolicyQualifier<'a>>,
}

/// A `PolicyInformation`.
#[derive(Clone, Copy, Debug)]
pub struct PolicyInformation<'a> {
    /// `policyIdentifier`.
    pub identifier: Oid<'a>,
    /// Whether an earlier one has the same identifier.
    pub repeated: bool,
    /// The whole element.
    pub span: Span,
}

/// A `PolicyQualifierInfo`.
#[derive(Clone, Copy, Debug)]
pub struct PolicyQualifier<'a> {
    /// Identifier of the policy that it qualifies.
    pub policy: Oid<'a>,
    /// `policyQualifierId`.
    pub identifier: Oid<'a>,
    /// Content octets of `cPSuri`.
    pub cps_uri: Option<&'a [u8]>,
    /// Whether its user notice has `noticeRef`.
    pub has_notice_reference: bool,
    /// `explicitText` of its user notice.
    pub explicit_text: Option<DisplayText<'a>>,
    /// The whole element.
    pub span: Span,
}

/// A `DisplayText`, of whatever string type.
#[derive(Clone, Copy, Debug)]
pub struct DisplayText<'a> {
    /// Identifier octet.
    pub tag: u8,
    /// Content octets.
    pub content: &'a [u8],
}

/// One mapping of policyMappings.
#[derive(Clone, Copy, Debug)]
pub struct PolicyMapping<'a> {
    /// `issuerDomainPolicy`.
    pub issuer: Oid<'a>,
    /// `subjectDomainPolicy`.
    pub subject: Oid<'a>,
    /// The whole element.
    pub span: Span,
}

/// policyConstraints: its two numbers of certificates, saturated to 64 bits.
#[derive(Clone, Copy, Debug)]
pub struct PolicyConstraints {
    /// `requireExplicitPolicy`.
    pub require_explicit_policy: Option<i64>,
    /// `inhibitPolicyMapping`.
    pub inhibit_policy_mapping: Option<i64>,
}

impl<'a> Policies<'a> {
    /// Reads the content of a `CertificatePolicies` to its end; it may be empty.
    ///
    /// # Errors
    /// Where a policy or a qualifier has another form.
    pub fn read(mut list: Reader<'a>) -> Got<Self> {
        let mut policies = Self { information: Vec::new(), qualifiers: Vec::new() };
        while !list.is_empty() {
            if policies.information.len() == limits::LIST_ITEMS {
                return Err(list.fault("has more policies than are looked at"));
            }
            policies.push(&list.expect(tag::SEQUENCE)?)?;
        }
        Ok(policies)
    }

    fn push(&mut self, element: &Element<'a>) -> Got<()> {
        let mut fields = Reader::of(element, "extnValue");
        let identifier = oid(&mut fields)?;
        if let Some(list) = fields.optional(tag::SEQUENCE)? {
            let mut list = Reader::of(&list, "extnValue");
            while !list.is_empty() {
                if self.qualifiers.len() == limits::LIST_ITEMS {
                    return Err(list.fault("has more qualifiers than are looked at"));
                }
                let qualifier = PolicyQualifier::read(&list.expect(tag::SEQUENCE)?, identifier)?;
                self.qualifiers.push(qualifier);
            }
        }
        fields.finish()?;
        let repeated = self.information.iter().any(|other| other.identifier == identifier);
        self.information.push(PolicyInformation { identifier, repeated, span: element.span });
        Ok(())
    }
}

impl<'a> PolicyQualifier<'a> {
    fn read(element: &Element<'a>, policy: Oid<'a>) -> Got<Self> {
        let mut fields = Reader::of(element, "extnValue");
        let identifier = oid(&mut fields)?;
        let mut qualifier = Self {
            policy,
            identifier,
            cps_uri: None,
            has_notice_reference: false,
            explicit_text: None,
            span: element.span,
        };
        match identifier.0 {
            CPS => qualifier.cps_uri = Some(fields.expect(tag::IA5_STRING)?.content),
            USER_NOTICE => {
                let notice = fields.expect(tag::SEQUENCE)?;
                let mut parts = Reader::of(&notice, "extnValue");
                qualifier.has_notice_reference = parts.optional(tag::SEQUENCE)?.is_some();
                if !parts.is_empty() {
                    let text = parts.any()?;
                    qualifier.explicit_text = Some(DisplayText { tag: text.tag, content: text.content });
                }
                parts.finish()?;
            }
            _ => {
                fields.any()?;
            }
        }
        fields.finish()?;
        Ok(qualifier)
    }
}

impl<'a> DisplayText<'a> {
    /// The text, decoded by its string type.
    #[must_use]
    pub fn value(&self) -> Cow<'a, str> {
        name::decoded(self.tag, self.content)
    }

    /// Name of its string type.
    #[must_use]
    pub fn string_type(&self) -> &'static str {
        name::string_type(self.tag)
    }
}

/// Reads the content of a `PolicyMappings` to its end; it may be empty.
///
/// # Errors
/// Where a mapping is no pair of identifiers.
pub fn read_mappings(mut list: Reader<'_>) -> Got<Vec<PolicyMapping<'_>>> {
    let mut mappings = Vec::new();
    while !list.is_empty() {
        if mappings.len() == limits::LIST_ITEMS {
            return Err(list.fault("has more mappings than are looked at"));
        }
        let element = list.expect(tag::SEQUENCE)?;
        let mut fields = Reader::of(&element, "extnValue");
        let (issuer, subject) = (oid(&mut fields)?, oid(&mut fields)?);
        fields.finish()?;
        mappings.push(PolicyMapping { issuer, subject, span: element.span });
    }
    Ok(mappings)
}

/// Reads the content of a `PolicyConstraints`; it may be empty.
///
/// # Errors
/// Where something else than its two numbers stands there.
pub fn read_constraints(mut fields: Reader<'_>) -> Got<PolicyConstraints> {
    let mut number = |tag| match fields.optional(tag)? {
        Some(element) if element.content.is_empty() => {
            Err(Reader::of(&element, "extnValue").fault("is an INTEGER without octets"))
        }
        found => Ok(found.map(|element| saturating_int(element.content))),
    };
    let require_explicit_policy = number(0x80)?;
    let inhibit_policy_mapping = number(0x81)?;
    fields.finish()?;
    Ok(PolicyConstraints { require_explicit_policy, inhibit_policy_mapping })
}

fn oid<'a>(fields: &mut Reader<'a>) -> Got<Oid<'a>> {
    let oid = Oid(fields.expect(tag::OID)?.content);
    if oid.is_well_formed() { Ok(oid) } else { Err(fields.fault("holds a malformed OBJECT IDENTIFIER")) }
}
