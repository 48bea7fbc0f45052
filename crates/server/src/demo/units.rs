//! The units of the former Nam Định before and after the reform of 2025-07-01, and who followed
//! whom. Facts and their sources: `data/SOURCES.md`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use loa_app::{App, fresh_id};
use loa_domain::change::{ChangeKind, NewChange, SubjectKind};
use loa_domain::ids::UnitId;
use loa_domain::time::Moment;
use loa_domain::unit::{Succession, Unit, UnitKind};
use loa_store::{Error, Written, units};
use uuid::Uuid;

use super::source;
use crate::failure::Failure;

/// Rows of one transaction.
const CHUNK: usize = 100;

const OF_2024: &str = "Nghị quyết 1104/NQ-UBTVQH15";
const OF_COMMUNES: &str = "Nghị quyết 1674/NQ-UBTVQH15";
const OF_PROVINCES: &str = "Nghị quyết 202/2025/QH15";

const HAI_HAU_DISTRICT: &str = "366";
const HAI_LY: (&str, &str) = ("14290", "Xã Hải Lý");
const CON: (&str, &str) = ("14218", "Thị trấn Cồn");

/// The three days on which a period begins: the list of codes, one merger, the reform.
struct Days {
    list: NaiveDate,
    merger: NaiveDate,
    reform: NaiveDate,
}

/// Everything to be stored, predecessors and parents first.
struct Plan {
    days: Days,
    now: Moment,
    units: Vec<Unit>,
    successions: Vec<Succession>,
    changes: Vec<NewChange>,
    /// By code, those of today.
    today: BTreeMap<String, UnitId>,
    /// By code, those that ended with the reform.
    before: BTreeMap<String, UnitId>,
}

/// The day of the reform, on which every unit of today begins.
///
/// # Errors
/// Never: it is a day.
pub(super) fn reform() -> Result<NaiveDate, Failure> {
    day(2025, 7, 1)
}

/// Stores the units; gives those of today by code.
///
/// # Errors
/// Of the database.
pub(super) fn seed(app: &App) -> Result<BTreeMap<String, UnitId>, Failure> {
    let plan = plan(app.now())?;
    let now = plan.now;
    for (some, changes) in plan.units.chunks(CHUNK).zip(plan.changes.chunks(CHUNK)) {
        app.store().write(now, |tx| {
            for unit in some {
                units::insert(tx, unit, now)?;
            }
            let mut written = Written::quiet(());
            written.changes = changes.to_vec();
            Ok::<_, Error>(written)
        })?;
    }
    for some in plan.successions.chunks(CHUNK) {
        app.store().write(now, |tx| {
            for succession in some {
                units::insert_succession(tx, succession)?;
            }
            Ok::<_, Error>(Written::quiet(()))
        })?;
    }
    Ok(plan.today)
}

fn plan(now: Moment) -> Result<Plan, Failure> {
    let mut plan = Plan {
        days: Days {
            list: day(2004, 1, 1)?,
            merger: day(2024, 9, 1)?,
            reform: reform()?,
        },
        now,
        units: Vec::new(),
        successions: Vec::new(),
        changes: Vec::new(),
        today: BTreeMap::new(),
        before: BTreeMap::new(),
    };
    let province = plan.provinces()?;
    for line in source::unit_lines()? {
        let district = match plan.before.get(&line.old_district_code) {
            Some(known) => *known,
            None => plan.old(
                (&line.old_district_code, &line.old_district),
                province.before,
            )?,
        };
        let old = if line.old_code == CON.0 {
            plan.con_and_hai_ly(district)?
        } else {
            plan.old((&line.old_code, &line.old_name), district)?
        };
        let new = match plan.today.get(&line.new_code) {
            Some(known) => *known,
            None => plan.new_unit((&line.new_code, &line.new_name), Some(province.today))?,
        };
        plan.follow(old, new, plan.days.reform, OF_COMMUNES);
    }
    Ok(plan)
}

/// The province of the communes here, before the reform and since.
struct Provinces {
    before: UnitId,
    today: UnitId,
}

impl Plan {
    fn provinces(&mut self) -> Result<Provinces, Failure> {
        let (list, reform) = (self.days.list, self.days.reform);
        let mut old = Vec::new();
        for name in [
            ("36", "Tỉnh Nam Định"),
            ("37", "Tỉnh Ninh Bình"),
            ("35", "Tỉnh Hà Nam"),
        ] {
            old.push(self.unit(name, None, list, Some(reform))?);
        }
        let today = self.new_unit(("37", "Tỉnh Ninh Bình"), None)?;
        for one in &old {
            self.follow(*one, today, reform, OF_PROVINCES);
        }
        match old.first() {
            Some(before) => Ok(Provinces {
                before: *before,
                today,
            }),
            None => Err(Failure::failed("no province")),
        }
    }

    /// Thị trấn Cồn before and after it took xã Hải Lý in; gives the later one.
    fn con_and_hai_ly(&mut self, district: UnitId) -> Result<UnitId, Failure> {
        let (list, merger, reform) = (self.days.list, self.days.merger, self.days.reform);
        if self.before.get(HAI_HAU_DISTRICT) != Some(&district) {
            return Err(Failure::failed("thị trấn Cồn is not in huyện Hải Hậu"));
        }
        let earlier = self.unit(CON, Some(district), list, Some(merger))?;
        let hai_ly = self.unit(HAI_LY, Some(district), list, Some(merger))?;
        let later = self.unit(CON, Some(district), merger, Some(reform))?;
        for one in [earlier, hai_ly] {
            self.follow(one, later, merger, OF_2024);
        }
        self.before.insert(CON.0.to_owned(), later);
        Ok(later)
    }

    /// A unit from the list of codes until the reform.
    fn old(&mut self, name: (&str, &str), parent: UnitId) -> Result<UnitId, Failure> {
        let (list, reform) = (self.days.list, self.days.reform);
        let id = self.unit(name, Some(parent), list, Some(reform))?;
        self.before.insert(name.0.to_owned(), id);
        Ok(id)
    }

    /// A unit of today.
    fn new_unit(&mut self, name: (&str, &str), parent: Option<UnitId>) -> Result<UnitId, Failure> {
        let id = self.unit(name, parent, self.days.reform, None)?;
        self.today.insert(name.0.to_owned(), id);
        Ok(id)
    }

    fn unit(
        &mut self,
        (code, name): (&str, &str),
        parent: Option<UnitId>,
        valid_from: NaiveDate,
        valid_to: Option<NaiveDate>,
    ) -> Result<UnitId, Failure> {
        let id = self.id(self.units.len());
        self.units.push(Unit {
            id,
            code: code.to_owned(),
            name: name.to_owned(),
            kind: kind(name, parent)?,
            parent,
            valid_from,
            valid_to,
            version: 1,
        });
        self.changes.push(NewChange {
            site: None,
            subject: SubjectKind::Unit,
            subject_id: id.to_string(),
            kind: ChangeKind::Published,
        });
        Ok(id)
    }

    /// Ids hold milliseconds: one more for each row keeps the order of the file.
    fn id<Id: From<Uuid>>(&self, number: usize) -> Id {
        let later = i64::try_from(number).unwrap_or(i64::MAX);
        fresh_id(self.now.after(TimeDelta::milliseconds(later)))
    }

    fn follow(&mut self, predecessor: UnitId, successor: UnitId, on: NaiveDate, basis: &str) {
        self.successions.push(Succession {
            id: self.id(self.successions.len()),
            predecessor,
            successor,
            on,
            legal_basis: basis.to_owned(),
        });
    }
}

/// The kind that a full name begins with.
fn kind(name: &str, parent: Option<UnitId>) -> Result<UnitKind, Failure> {
    let begins = |word: &str| name.strip_prefix(word).is_some_and(|n| n.starts_with(' '));
    // The cities among these units are below a province.
    if begins("Huyện") || (begins("Thành phố") && parent.is_some()) {
        Ok(UnitKind::District)
    } else if begins("Tỉnh") {
        Ok(UnitKind::Province)
    } else if begins("Thị trấn") {
        Ok(UnitKind::Township)
    } else if begins("Phường") {
        Ok(UnitKind::Ward)
    } else if begins("Xã") {
        Ok(UnitKind::Commune)
    } else {
        Err(Failure::failed(format!("{name}: what kind of unit is it?")))
    }
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, Failure> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| Failure::failed("not a day"))
}
