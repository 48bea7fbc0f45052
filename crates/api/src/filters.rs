//! Filter values: words between commas, any of which fits.

use std::str::FromStr;

use loa_domain::field::FieldCode;

use crate::paging::FILTER_VALUES_MAX as VALUES_MAX;
use crate::problem::{Code, Problem};

/// The values of a filter; none when it is missing.
pub(crate) fn any_of<T: FromStr>(
    parameter: &str,
    value: Option<&str>,
    expected: &str,
) -> Result<Vec<T>, Problem> {
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    if value.split(',').count() > VALUES_MAX {
        return Err(Problem::parameter(
            Code::ParameterInvalid,
            parameter,
            FieldCode::TooMany,
            format!("at most {VALUES_MAX} values"),
        ));
    }
    value
        .split(',')
        .map(|word| {
            word.parse().map_err(|_| {
                let code = Code::ParameterInvalid;
                Problem::parameter(code, parameter, FieldCode::UnknownValue, expected)
            })
        })
        .collect()
}

/// Refuses the value of a filter.
pub(crate) fn refused(parameter: &str, expected: &str) -> Problem {
    let code = Code::ParameterInvalid;
    Problem::parameter(code, parameter, FieldCode::UnknownValue, expected)
}
