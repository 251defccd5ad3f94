//! `**` as V8 computes it.
//!
//! ECMA-262 leaves the last bit of a power to the engine. V8 follows `e_pow.c` of fdlibm 5.3
//! (Sun Microsystems, 1993), where `10 ** -5` is 0.000009999999999999999: the method, its polynomial
//! and its constants are repeated here.
#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::excessive_precision,
    clippy::unreadable_literal,
    clippy::approx_constant,
    clippy::many_single_char_names,
    reason = "the arithmetic works on halves of the bits, and the names are those of its derivation"
)]

const BP: [f64; 2] = [1.0, 1.5];
/// The high and low part of log2(1.5).
const DP_HIGH: [f64; 2] = [0.0, 5.84962487220764160156e-01];
const DP_LOW: [f64; 2] = [0.0, 1.35003920212974897128e-08];
const TWO_53: f64 = 9007199254740992.0;
const HUGE: f64 = 1.0e300;
const TINY: f64 = 1.0e-300;
/// Coefficients of (3/2) (log(x) - 2s - 2/3 s^3).
const L: [f64; 6] = [
    5.99999999999994648725e-01,
    4.28571428578550184252e-01,
    3.33333329818377432918e-01,
    2.72728123808534006489e-01,
    2.30660745775561754067e-01,
    2.06975017800338417784e-01,
];
/// Coefficients of the exponential.
const P: [f64; 5] = [
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
];
const LN2: f64 = 6.93147180559945286227e-01;
const LN2_HIGH: f64 = 6.93147182464599609375e-01;
const LN2_LOW: f64 = -1.90465429995776804525e-09;
/// -(1024 - log2(overflow + half a unit in the last place)).
const OVERFLOW: f64 = 8.0085662595372944372e-17;
/// 2 / (3 ln 2), and its parts.
const CP: f64 = 9.61796693925975554329e-01;
const CP_HIGH: f64 = 9.61796700954437255859e-01;
const CP_LOW: f64 = -7.02846165095275826516e-09;
/// 1 / ln 2, and its parts.
const INVERSE_LN2: f64 = 1.44269504088896338700e+00;
const INVERSE_LN2_HIGH: f64 = 1.44269502162933349609e+00;
const INVERSE_LN2_LOW: f64 = 1.92596299112661746887e-08;

fn high(number: f64) -> i32 {
    (number.to_bits() >> 32) as i32
}

fn with_high(number: f64, word: i32) -> f64 {
    f64::from_bits((u64::from(word as u32) << 32) | (number.to_bits() & 0xffff_ffff))
}

fn without_low(number: f64) -> f64 {
    f64::from_bits(number.to_bits() & 0xffff_ffff_0000_0000)
}

/// Whether a number is whole: 0 no, 1 odd, 2 even.
fn parity(number: f64) -> u8 {
    let size = number.abs();
    if size >= TWO_53 {
        2
    } else if size.fract() != 0.0 {
        0
    } else if size % 2.0 == 1.0 {
        1
    } else {
        2
    }
}

/// `base ** exponent`.
pub fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.0 {
        return 1.0;
    }
    if base.is_nan() || exponent.is_nan() {
        return f64::NAN;
    }
    let size = base.abs();
    if exponent.is_infinite() {
        // Unlike in IEEE 754, 1 to the power of infinity is not a number.
        return match (size == 1.0, (size > 1.0) == (exponent > 0.0)) {
            (true, _) => f64::NAN,
            (false, true) => f64::INFINITY,
            (false, false) => 0.0,
        };
    }
    if exponent == 1.0 {
        return base;
    }
    if exponent == -1.0 {
        return 1.0 / base;
    }
    if exponent == 2.0 {
        return base * base;
    }
    if exponent == 0.5 && base.is_sign_positive() {
        return base.sqrt();
    }
    let whole = if base.is_sign_negative() { parity(exponent) } else { 0 };
    if size == 0.0 || size == 1.0 || size.is_infinite() {
        return special(base, exponent, whole);
    }
    if base < 0.0 && whole == 0 {
        return f64::NAN;
    }
    let sign = if base < 0.0 && whole == 1 { -1.0 } else { 1.0 };
    general(size, base, exponent, sign)
}

fn special(base: f64, exponent: f64, whole: u8) -> f64 {
    let size = if exponent < 0.0 { 1.0 / base.abs() } else { base.abs() };
    if base.is_sign_positive() {
        return size;
    }
    if base == -1.0 && whole == 0 {
        return f64::NAN;
    }
    if whole == 1 { -size } else { size }
}

fn general(size: f64, base: f64, exponent: f64, sign: f64) -> f64 {
    let word = high(size);
    let exponent_word = high(exponent) & 0x7fff_ffff;
    let (log_high, log_low) = if exponent_word > 0x41e0_0000 {
        let positive = exponent > 0.0;
        if exponent_word > 0x43f0_0000 {
            if word <= 0x3fef_ffff {
                return if positive { TINY * TINY } else { HUGE * HUGE };
            }
            if word >= 0x3ff0_0000 {
                return if positive { HUGE * HUGE } else { TINY * TINY };
            }
        }
        if word < 0x3fef_ffff {
            return if positive { sign * TINY * TINY } else { sign * HUGE * HUGE };
        }
        if word > 0x3ff0_0000 {
            return if positive { sign * HUGE * HUGE } else { sign * TINY * TINY };
        }
        log2_near_one(base.abs())
    } else {
        log2(size)
    };
    let exponent_high = without_low(exponent);
    let low = (exponent - exponent_high) * log_high + exponent * log_low;
    let product = exponent_high * log_high;
    exponential(low, product, sign)
}

/// log2 of a number so close to 1 that a short series is enough.
fn log2_near_one(size: f64) -> (f64, f64) {
    let t = size - 1.0;
    let w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    let u = INVERSE_LN2_HIGH * t;
    let v = t * INVERSE_LN2_LOW - w * INVERSE_LN2;
    let t1 = without_low(u + v);
    (t1, v - (t1 - u))
}

fn log2(size: f64) -> (f64, f64) {
    let mut ax = size;
    let mut n = 0;
    if high(ax) < 0x0010_0000 {
        ax *= TWO_53;
        n -= 53;
    }
    let word = high(ax);
    n += (word >> 20) - 0x3ff;
    let fraction = word & 0x000f_ffff;
    let mut normal = fraction | 0x3ff0_0000;
    let k = if fraction <= 0x3988e {
        0
    } else if fraction < 0xbb67a {
        1
    } else {
        n += 1;
        normal -= 0x0010_0000;
        0
    };
    ax = with_high(ax, normal);
    let u = ax - BP[k];
    let v = 1.0 / (ax + BP[k]);
    let ss = u * v;
    let s_h = without_low(ss);
    let t_h = with_high(0.0, ((normal >> 1) | 0x2000_0000) + 0x0008_0000 + ((k as i32) << 18));
    let t_l = ax - (t_h - BP[k]);
    let s_l = v * ((u - s_h * t_h) - s_h * t_l);
    let s2 = ss * ss;
    let mut r = s2 * s2 * (L[0] + s2 * (L[1] + s2 * (L[2] + s2 * (L[3] + s2 * (L[4] + s2 * L[5])))));
    r += s_l * (s_h + ss);
    let s2 = s_h * s_h;
    let t_h = without_low(3.0 + s2 + r);
    let t_l = r - ((t_h - 3.0) - s2);
    let u = s_h * t_h;
    let v = s_l * t_h + t_l * ss;
    let p_h = without_low(u + v);
    let p_l = v - (p_h - u);
    let z_h = CP_HIGH * p_h;
    let z_l = CP_LOW * p_h + p_l * CP + DP_LOW[k];
    let t = f64::from(n);
    let t1 = without_low(((z_h + z_l) + DP_HIGH[k]) + t);
    (t1, z_l - (((t1 - t) - DP_HIGH[k]) - z_h))
}

/// `sign * 2 ** (low + product)`.
fn exponential(low: f64, product: f64, sign: f64) -> f64 {
    let z = product + low;
    let j = high(z);
    let i = z.to_bits() as u32 as i32;
    if j >= 0x4090_0000 {
        if ((j - 0x4090_0000) | i) != 0 || low + OVERFLOW > z - product {
            return sign * HUGE * HUGE;
        }
    } else if (j & 0x7fff_ffff) >= 0x4090_cc00 {
        let exact = (j.wrapping_sub(0xc090_cc00_u32 as i32)) | i;
        if exact != 0 || low <= z - product {
            return sign * TINY * TINY;
        }
    }
    let mut product = product;
    let mut n = 0;
    let i = j & 0x7fff_ffff;
    if i > 0x3fe0_0000 {
        let k = (i >> 20) - 0x3ff;
        n = j.wrapping_add(0x0010_0000 >> (k + 1));
        let k = ((n & 0x7fff_ffff) >> 20) - 0x3ff;
        let t = with_high(0.0, n & !(0x000f_ffff >> k));
        n = ((n & 0x000f_ffff) | 0x0010_0000) >> (20 - k);
        if j < 0 {
            n = -n;
        }
        product -= t;
    }
    let t = without_low(low + product);
    let u = t * LN2_HIGH;
    let v = (low - (t - product)) * LN2 + t * LN2_LOW;
    let z = u + v;
    let w = v - (z - u);
    let t = z * z;
    let t1 = z - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    let r = (z * t1) / (t1 - 2.0) - (w + z * w);
    let z = 1.0 - (r - z);
    let j = high(z).wrapping_add(n << 20);
    if (j >> 20) <= 0 { sign * scaled(z, n) } else { sign * with_high(z, j) }
}

/// `number * 2 ** exponent` where the result has no normal form.
fn scaled(number: f64, exponent: i32) -> f64 {
    let step = |number: f64, exponent: i32| number * f64::from_bits(((exponent + 1023) as u64) << 52);
    if exponent < -1022 { step(step(number, exponent + 969), -969) } else { step(number, exponent) }
}

#[cfg(test)]
mod tests {
    use super::power;

    fn check(base: f64, exponent: f64, expected: f64) {
        let found = power(base, exponent);
        assert!(
            found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
            "{base} ** {exponent} = {found}"
        );
    }

    #[test]
    fn powers_are_those_of_v8() {
        check(10.0, -5.0, 0.000_009_999_999_999_999_999);
        check(2.0, 10.0, 1024.0);
        check(-2.0, 3.0, -8.0);
        check(-8.0, 1.0 / 3.0, f64::NAN);
        check(1.0, f64::INFINITY, f64::NAN);
        check(0.0, -3.0, f64::INFINITY);
        check(2.0, -1074.0, f64::from_bits(1));
        check(2.0, 1024.0, f64::INFINITY);
    }
}
