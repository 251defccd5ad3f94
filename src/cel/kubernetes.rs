//! CEL as `x-kubernetes-validations` has it: the functions that the API server adds, and rules that use
//! others told apart from rules that fail.
//!
//! Durations are nanoseconds and quantities are numbers here, which is enough to compare them. Not there:
//! `format`, `semver`, timestamps, the methods of `cidr` and of addresses beside `family`.
#![expect(clippy::trivially_copy_pass_by_ref, reason = "functions of CEL take their arguments so")]

use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{EntryExpr, Expr, MapExpr, StructExpr};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelString};
use cel::common::value::Val;
use cel::parser::Expression;
use cel::{
    Context, DeclarationError, Env, ExecutionError, Value as CelValue, add_member_overload, add_overload,
};
use serde_json::Value;

use super::{DEEPEST, Error, LOOPS, convert, fits};

/// Longest rule, in bytes; those of Gateway API have up to 600.
const LONGEST: usize = 16 << 10;

/// Most steps of a rule: the values it sees to the power of its loops.
const STEPS: usize = 20_000_000;

static LIBRARY: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    let added = [cel::extensions::strings, cel::extensions::lists, cel::extensions::math]
        .into_iter()
        .try_for_each(|extension| extension(&mut env))
        .and_then(|()| extend(&mut env));
    debug_assert_eq!(added, Ok(()), "a function is declared twice");
    Arc::new(env)
});

/// The functions of the standard, and those of the libraries that are there.
const KNOWN: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "bool",
    "type",
    "dyn",
    "of",
    "ofNonZeroValue",
    "none",
    "hasValue",
    "value",
    "or",
    "orValue",
    "optMap",
    "optFlatMap",
    "charAt",
    "indexOf",
    "lastIndexOf",
    "join",
    "lowerAscii",
    "upperAscii",
    "trim",
    "replace",
    "split",
    "substring",
    "quote",
    "reverse",
    "slice",
    "flatten",
    "distinct",
    "sort",
    "range",
    "greatest",
    "least",
    "abs",
    "ceil",
    "floor",
    "round",
    "trunc",
    "sign",
    "isNaN",
    "isInf",
    "isFinite",
    // Kubernetes' own
    "isURL",
    "url",
    "getScheme",
    "getHost",
    "getHostname",
    "getPort",
    "getEscapedPath",
    "isIP",
    "ip",
    "family",
    "isCIDR",
    "isQuantity",
    "quantity",
    "isGreaterThan",
    "isLessThan",
    "compareTo",
    "isInteger",
    "asInteger",
    "asApproximateFloat",
    "duration",
    "getSeconds",
    "getMinutes",
    "getHours",
    "getMilliseconds",
    "find",
    "findAll",
    "isSorted",
    "sum",
    "min",
    "max",
];

/// What `oldSelf` is where there was nothing before.
static NOTHING: LazyLock<CelValue> = LazyLock::new(|| {
    let nothing = LIBRARY.parser().parse("optional.none()").ok();
    let context = Context::with_env(Arc::clone(&LIBRARY));
    nothing.and_then(|it| CelValue::resolve(&it, &context).ok()).unwrap_or(CelValue::Null)
});

/// A rule of a definition that was compiled.
#[derive(Clone, Debug)]
pub struct KubernetesRule {
    expression: Arc<Expression>,
    loops: u32,
    has_old: bool,
}

/// A value that rules are decided over, converted once for all of them.
#[derive(Clone, Debug)]
pub struct KubernetesValue {
    value: CelValue,
    /// About how many values it holds.
    size: usize,
}

impl KubernetesValue {
    /// Converts a value, which holds about `size` values.
    pub fn new(value: &Value, size: usize) -> Self {
        Self { value: convert(value), size }
    }
}

impl KubernetesRule {
    /// Compiles a rule. The error says what is wrong, or what is not there to decide it with.
    pub fn compile(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::new(format!("longer than {LONGEST} bytes")));
        }
        let parsed = LIBRARY.parser().max_recursion_depth(2 * DEEPEST).parse(text);
        let expression = parsed.map_err(|errors| Error::new(errors.to_string()))?;
        if !fits(&expression, 2 * DEEPEST, LOOPS) {
            return Err(Error::new(format!("nested deeper than {} levels, or {LOOPS} loops", 2 * DEEPEST)));
        }
        let mut seen = Seen::default();
        seen.look(&expression);
        if let Some(name) = seen.unknown {
            return Err(Error::new(format!("there is no function `{name}` here")));
        }
        let (loops, has_old) = (seen.deepest, names(&expression, "oldSelf"));
        Ok(Self { expression: Arc::new(expression), loops, has_old })
    }

    /// Whether the rule looks at a name.
    pub fn uses(&self, name: &str) -> bool {
        names(&self.expression, name)
    }

    /// Decides the rule over `self`.
    pub fn holds(&self, value: &KubernetesValue) -> Result<bool, Error> {
        match self.result(value)? {
            CelValue::Bool(result) => Ok(result),
            _ => Err(Error::new("the result is neither true nor false")),
        }
    }

    /// The text that an expression makes of `self`.
    pub fn text(&self, value: &KubernetesValue) -> Result<String, Error> {
        match self.result(value)? {
            CelValue::String(text) => Ok(text.to_string()),
            _ => Err(Error::new("the result is no text")),
        }
    }

    fn result(&self, value: &KubernetesValue) -> Result<CelValue, Error> {
        let values = value.size;
        if values.max(2).checked_pow(self.loops).is_none_or(|steps| steps > STEPS) {
            return Err(Error::new(format!("{values} values are too many for its loops")));
        }
        let mut context = Context::with_env(Arc::clone(&LIBRARY));
        context.add_variable_from_value("self", value.value.clone());
        if self.has_old {
            context.add_variable_from_value("oldSelf", NOTHING.clone());
        }
        CelValue::resolve(&self.expression, &context).map_err(|error| Error::new(error.to_string()))
    }
}

/// Whether an expression looks at a name.
fn names(expression: &Expression, name: &str) -> bool {
    let mut seen = Seen { name, ..Seen::default() };
    seen.look(expression);
    seen.is_named
}

/// What a rule is made of.
#[derive(Default)]
struct Seen<'a> {
    name: &'a str,
    is_named: bool,
    unknown: Option<String>,
    depth: u32,
    deepest: u32,
}

impl Seen<'_> {
    fn look(&mut self, expression: &Expression) {
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(name) => self.is_named |= name == self.name,
            Expr::Call(call) => {
                let is_operator = !call.func_name.starts_with(|letter: char| letter.is_ascii_alphabetic());
                if !is_operator && !KNOWN.contains(&call.func_name.as_str()) {
                    self.unknown.get_or_insert_with(|| call.func_name.clone());
                }
                call.target.iter().for_each(|target| self.look(target));
                call.args.iter().for_each(|argument| self.look(argument));
            }
            Expr::Comprehension(all) => {
                self.look(&all.iter_range);
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
                for inner in [&all.accu_init, &all.loop_cond, &all.loop_step, &all.result] {
                    self.look(inner);
                }
                self.depth -= 1;
            }
            Expr::List(list) => list.elements.iter().for_each(|element| self.look(element)),
            Expr::Select(select) => self.look(&select.operand),
            Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => {
                for entry in entries {
                    match &entry.expr {
                        EntryExpr::MapEntry(entry) => {
                            self.look(&entry.key);
                            self.look(&entry.value);
                        }
                        EntryExpr::StructField(field) => self.look(&field.value),
                    }
                }
            }
        }
    }
}

fn extend(env: &mut Env) -> Result<(), DeclarationError> {
    add_overload!(env, fn is_url: (CelString) -> CelBool, name = "isURL")?;
    add_overload!(env, fn to_url: (CelString) -> Result<CelString>, name = "url")?;
    add_member_overload!(env, fn get_scheme: (CelString) -> CelString)?;
    add_member_overload!(env, fn get_host: (CelString) -> CelString)?;
    add_member_overload!(env, fn get_hostname: (CelString) -> CelString)?;
    add_member_overload!(env, fn get_port: (CelString) -> CelString)?;
    add_member_overload!(env, fn get_escaped_path: (CelString) -> CelString)?;
    add_overload!(env, fn is_ip: (CelString) -> CelBool, name = "isIP")?;
    add_overload!(env, fn to_ip: (CelString) -> Result<CelString>, name = "ip")?;
    add_member_overload!(env, fn family: (CelString) -> Result<CelInt>)?;
    add_overload!(env, fn is_cidr: (CelString) -> CelBool, name = "isCIDR")?;
    add_overload!(env, fn is_quantity: (CelString) -> CelBool)?;
    add_overload!(env, fn quantity: (CelString) -> Result<CelDouble>)?;
    add_member_overload!(env, fn is_greater_than: (CelDouble, CelDouble) -> CelBool)?;
    add_member_overload!(env, fn is_less_than: (CelDouble, CelDouble) -> CelBool)?;
    add_member_overload!(env, fn compare_to: (CelDouble, CelDouble) -> CelInt)?;
    add_member_overload!(env, fn is_integer: (CelDouble) -> CelBool)?;
    add_member_overload!(env, fn as_integer: (CelDouble) -> CelInt)?;
    add_member_overload!(env, fn as_approximate_float: (CelDouble) -> CelDouble)?;
    add_overload!(env, fn duration: (CelString) -> Result<CelInt>)?;
    add_member_overload!(env, fn get_hours: (CelInt) -> CelInt)?;
    add_member_overload!(env, fn get_minutes: (CelInt) -> CelInt)?;
    add_member_overload!(env, fn get_seconds: (CelInt) -> CelInt)?;
    add_member_overload!(env, fn get_milliseconds: (CelInt) -> CelInt)?;
    add_member_overload!(env, fn find: (CelString, CelString) -> Result<CelString>)?;
    add_member_overload!(env, fn find_all: (CelString, CelString) -> Result<CelList>)?;
    add_member_overload!(env, fn is_sorted: (CelList) -> Result<CelBool>)?;
    add_member_overload!(env, fn index_of_text: (CelList, CelString) -> Result<CelInt>, name = "indexOf")?;
    add_member_overload!(env, fn index_of_number: (CelList, CelInt) -> Result<CelInt>, name = "indexOf")?;
    add_member_overload!(env, fn sum: (CelList) -> Result<CelInt>)?;
    add_member_overload!(env, fn min: (CelList) -> Result<CelInt>)?;
    add_member_overload!(env, fn max: (CelList) -> Result<CelInt>)?;
    Ok(())
}

fn refused(function: &str, text: &str) -> ExecutionError {
    ExecutionError::function_error(function, format!("{text} is not one"))
}

/// A URL as Go's `ParseRequestURI` takes it: absolute, or a path.
fn parse_url(text: &str) -> Option<url::Url> {
    if text.starts_with('/') {
        return url::Url::parse("none:/").ok()?.join(text).ok();
    }
    url::Url::parse(text).ok()
}

fn is_url(text: &CelString<'_>) -> CelBool {
    parse_url(text).is_some().into()
}

fn to_url(text: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    let is_fine = parse_url(text).is_some();
    if is_fine { Ok(text.inner().to_owned().into()) } else { Err(refused("url", text)) }
}

fn part(text: &CelString<'_>, take: impl Fn(&url::Url) -> String) -> CelString<'static> {
    let url = parse_url(text).filter(|url| url.scheme() != "none");
    url.map(|url| take(&url)).unwrap_or_default().into()
}

fn get_scheme(text: &CelString<'_>) -> CelString<'static> {
    part(text, |url| url.scheme().to_owned())
}

fn get_host(text: &CelString<'_>) -> CelString<'static> {
    part(text, |url| match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    })
}

fn get_hostname(text: &CelString<'_>) -> CelString<'static> {
    part(text, |url| url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned())
}

fn get_port(text: &CelString<'_>) -> CelString<'static> {
    part(text, |url| url.port().map(|port| port.to_string()).unwrap_or_default())
}

fn get_escaped_path(text: &CelString<'_>) -> CelString<'static> {
    parse_url(text).map(|url| url.path().to_owned()).unwrap_or_default().into()
}

fn is_ip(text: &CelString<'_>) -> CelBool {
    text.parse::<IpAddr>().is_ok().into()
}

fn to_ip(text: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    text.parse::<IpAddr>().map(|ip| ip.to_string().into()).map_err(|_| refused("ip", text))
}

fn family(text: &CelString<'_>) -> Result<CelInt, ExecutionError> {
    let ip = text.parse::<IpAddr>().map_err(|_| refused("ip", text))?;
    Ok(if ip.is_ipv4() { 4 } else { 6 }.into())
}

fn is_cidr(text: &CelString<'_>) -> CelBool {
    let fits = || {
        let (ip, length) = text.split_once('/')?;
        let most = if ip.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
        Some(length.parse::<u8>().ok()? <= most)
    };
    fits().unwrap_or(false).into()
}

fn is_quantity(text: &CelString<'_>) -> CelBool {
    crate::object::quantity(text).is_some().into()
}

fn quantity(text: &CelString<'_>) -> Result<CelDouble, ExecutionError> {
    crate::object::quantity(text).map(CelDouble::from).ok_or_else(|| refused("quantity", text))
}

fn is_greater_than(a: &CelDouble, b: &CelDouble) -> CelBool {
    (a.inner() > b.inner()).into()
}

fn is_less_than(a: &CelDouble, b: &CelDouble) -> CelBool {
    (a.inner() < b.inner()).into()
}

fn compare_to(a: &CelDouble, b: &CelDouble) -> CelInt {
    (a.inner().total_cmp(b.inner()) as i64).into()
}

fn is_integer(a: &CelDouble) -> CelBool {
    (a.inner().fract() == 0.0).into()
}

fn as_integer(a: &CelDouble) -> CelInt {
    (*a.inner() as i64).into()
}

fn as_approximate_float(a: &CelDouble) -> CelDouble {
    *a
}

fn duration(text: &CelString<'_>) -> Result<CelInt, ExecutionError> {
    crate::object::go_duration(text).map(CelInt::from).ok_or_else(|| refused("duration", text))
}

fn get_hours(nanoseconds: &CelInt) -> CelInt {
    (nanoseconds.inner() / 3_600_000_000_000).into()
}

fn get_minutes(nanoseconds: &CelInt) -> CelInt {
    (nanoseconds.inner() / 60_000_000_000).into()
}

fn get_seconds(nanoseconds: &CelInt) -> CelInt {
    (nanoseconds.inner() / 1_000_000_000).into()
}

fn get_milliseconds(nanoseconds: &CelInt) -> CelInt {
    (nanoseconds.inner() / 1_000_000).into()
}

fn pattern(text: &str) -> Result<regex::Regex, ExecutionError> {
    let built = regex::RegexBuilder::new(text).size_limit(1 << 20).build();
    built.map_err(|_| ExecutionError::function_error("find", format!("{text} is no pattern")))
}

fn find(text: &CelString<'_>, wanted: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    let found = pattern(wanted)?.find(text).map(|found| found.as_str().to_owned());
    Ok(found.unwrap_or_default().into())
}

fn find_all(text: &CelString<'_>, wanted: &CelString<'_>) -> Result<CelList<'static>, ExecutionError> {
    let found = pattern(wanted)?;
    let all = found.find_iter(text).map(|found| {
        let boxed: Box<dyn Val> = Box::new(CelString::from(found.as_str().to_owned()));
        boxed
    });
    Ok(all.collect::<Vec<_>>().into())
}

/// The numbers of a list.
fn numbers(list: &CelList<'_>) -> Result<Vec<i64>, ExecutionError> {
    match CelValue::try_from(list as &dyn Val)? {
        CelValue::List(items) => items
            .iter()
            .map(|item| match item {
                CelValue::Int(number) => Ok(*number),
                _ => Err(ExecutionError::function_error("list", "only lists of int are added up here")),
            })
            .collect(),
        _ => Ok(Vec::new()),
    }
}

fn index_of(list: &CelList<'_>, wanted: impl Fn(&CelValue) -> bool) -> Result<CelInt, ExecutionError> {
    let CelValue::List(items) = CelValue::try_from(list as &dyn Val)? else { return Ok((-1).into()) };
    Ok(items.iter().position(wanted).map_or(-1, |index| i64::try_from(index).unwrap_or(i64::MAX)).into())
}

fn index_of_text(list: &CelList<'_>, wanted: &CelString<'_>) -> Result<CelInt, ExecutionError> {
    index_of(list, |item| matches!(item, CelValue::String(text) if text.as_str() == wanted.inner()))
}

fn index_of_number(list: &CelList<'_>, wanted: &CelInt) -> Result<CelInt, ExecutionError> {
    index_of(list, |item| matches!(item, CelValue::Int(number) if number == wanted.inner()))
}

fn is_sorted(list: &CelList<'_>) -> Result<CelBool, ExecutionError> {
    match CelValue::try_from(list as &dyn Val)? {
        CelValue::List(items) => Ok(items
            .windows(2)
            .all(|pair| pair[0].partial_cmp(&pair[1]).is_some_and(std::cmp::Ordering::is_le))
            .into()),
        _ => Ok(true.into()),
    }
}

fn sum(list: &CelList<'_>) -> Result<CelInt, ExecutionError> {
    let total = numbers(list)?.into_iter().try_fold(0_i64, i64::checked_add);
    total.map(CelInt::from).ok_or_else(|| ExecutionError::function_error("sum", "overflow"))
}

fn min(list: &CelList<'_>) -> Result<CelInt, ExecutionError> {
    let found = numbers(list)?.into_iter().min();
    found.map(CelInt::from).ok_or_else(|| ExecutionError::function_error("min", "the list is empty"))
}

fn max(list: &CelList<'_>) -> Result<CelInt, ExecutionError> {
    let found = numbers(list)?.into_iter().max();
    found.map(CelInt::from).ok_or_else(|| ExecutionError::function_error("max", "the list is empty"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{KubernetesRule, KubernetesValue};

    fn check(rule: &str, expected: Result<bool, &str>) {
        let value = json!({"url": "https://example.com:8443/a", "cpu": "1500m", "name": "web", "wait": "90s",
            "ports": [1, 2, 3], "hosts": ["a", "b", "a"], "replicas": 3});
        let found =
            KubernetesRule::compile(rule).and_then(|rule| rule.holds(&KubernetesValue::new(&value, 20)));
        let found = found.map_err(|error| error.message);
        assert_eq!(
            found.as_ref().map_err(String::as_str).copied(),
            expected.as_ref().map_err(|text| *text).copied(),
            "{rule}"
        );
    }

    #[test]
    fn the_functions_of_kubernetes() {
        check("isURL(self.url) && url(self.url).getHost() == 'example.com:8443'", Ok(true));
        check("url(self.url).getScheme() == 'https' && url(self.url).getPort() == '8443'", Ok(true));
        check("url('/a/b').getEscapedPath() == '/a/b' && url('/a').getHost() == ''", Ok(true));
        check(
            "quantity(self.cpu).isGreaterThan(quantity('1')) && quantity('1Ki').compareTo(quantity('1024')) == 0",
            Ok(true),
        );
        check("isQuantity('1GB')", Ok(false));
        check("duration(self.wait) > duration('1m') && duration(self.wait).getSeconds() == 90", Ok(true));
        check("self.name.find('[e-w]+') == 'we' && self.name.findAll('[a-z]').size() == 3", Ok(true));
        check(
            "self.ports.sum() == 6 && self.ports.max() == 3 && self.ports.min() == 1 && self.ports.isSorted()",
            Ok(true),
        );
        check("self.hosts.indexOf('b') == 1 && self.ports.indexOf(7) == -1", Ok(true));
        check(
            "isIP('10.0.0.1') && ip('::1').family() == 6 && isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33')",
            Ok(true),
        );
        check("self.?missing.orValue(3) == self.replicas", Ok(true));
        check("self.name.lowerAscii() == 'web' && self.hosts.distinct().size() == 2", Ok(true));
    }

    #[test]
    fn what_cannot_be_decided_is_told() {
        check(
            "format.dns1123Label().validate(self.name).hasValue()",
            Err("there is no function `validate` here"),
        );
        assert!(KubernetesRule::compile("self.").is_err());
        let rule = KubernetesRule::compile("self.ports.all(a, self.ports.all(b, self.ports.all(c, a == b)))")
            .unwrap();
        assert!(rule.holds(&KubernetesValue::new(&json!({"ports": []}), 1_000_000)).is_err());
        assert!(KubernetesRule::compile("self.x == oldSelf.x").unwrap().uses("oldSelf"));
        check("oldSelf.hasValue() || self.replicas == 3", Ok(true));
    }
}
