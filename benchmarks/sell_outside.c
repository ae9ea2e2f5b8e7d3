/* Sales to the outside by hand in C: the kernel model/markets/outside_sales.py:sell_outside, to be raced against it.

   Written as one would in C: static functions, tables by pointer, sums of a seller in registers. The rows
   are the model's own; hand_written_c.py puts their structs (`struct seller`, `struct tally`, `struct terms`) before this. */

#include <math.h>

static inline uint64_t rotated(uint64_t x, int bits) { return x << bits | x >> (64 - bits); }

/* First word of Threefry-2x64 with 13 rounds. */
static inline uint64_t hashed(uint64_t seed, uint64_t code, uint64_t key, uint64_t counter) {
    static const int bits[8] = {16, 42, 12, 31, 16, 32, 24, 21};
    const uint64_t keys[3] = {seed, code, 0x1BD11BDAA9FC1A22u ^ seed ^ code};
    uint64_t x = key + seed, y = counter + code;
#pragma GCC unroll 13
    for (int turn = 0; turn < 13; turn++) {
        x += y;
        y = rotated(y, bits[turn % 8]) ^ x;
        if (turn % 4 == 3) {
            const int time = turn / 4 + 1;
            x += keys[time % 3];
            y += keys[(time + 1) % 3] + (uint64_t)time;
        }
    }
    return x;
}

static inline double fraction(uint64_t word) { return ((double)(word >> 11) + 0.5) * 0x1p-53; }

static inline double pick(uint64_t begin, int64_t k) {
    uint64_t x = begin + ((uint64_t)k + 1) * 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return fraction(x ^ x >> 31);
}

/* Normal quantile, Wichura (1988), AS 241. */
static const double CENTRE[2][8] = {
    {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
     1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0},
    {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
     5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0}};
static const double MIDDLE[2][8] = {
    {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
     3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0},
    {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
     6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0}};
static const double TAIL[2][8] = {
    {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
     2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0},
    {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
     1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0}};

static inline double rational(double r, const double c[2][8]) {
    double above = c[0][0], below = c[1][0];
    for (int i = 1; i < 8; i++) {
        above = above * r + c[0][i];
        below = below * r + c[1][i];
    }
    return above / below;
}

static double normal_quantile(double u) {
    const double q = u - 0.5;
    if (fabs(q) <= 0.425) return q * rational(0.180625 - q * q, CENTRE);
    const double r = sqrt(-log(q < 0.0 ? u : 1.0 - u));
    const double x = r <= 5.0 ? rational(r - 1.6, MIDDLE) : rational(r - 5.0, TAIL);
    return q < 0.0 ? -x : x;
}

static inline double quick_normal_quantile(double u, const double *nodes) {
    const double place = u * 4096;
    const int cell = (int)place;
    if (cell < 64 || cell >= 4096 - 64) return normal_quantile(u);
    return nodes[cell] + (place - cell) * (nodes[cell + 1] - nodes[cell]);
}

static inline int64_t poisson_quantile(double u, double mean, const double *one_over) {
    if (u <= 1.0 - mean) return 0;
    if (mean < 60.0) {
        double probability = exp(-mean), total = probability;
        int64_t count = 0;
        while (u > total && total + probability > total) {
            count++;
            probability *= mean * one_over[count < 400 ? count : 400];
            total += probability;
        }
        return count;
    }
    const double z = normal_quantile(u);
    const int64_t count = (int64_t)floor(mean + sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5);
    return count > 0 ? count : 0;
}

enum { DEVELOPMENT, TRANSFER, CONSULTING, SERVICE };

/* Draws about a contract that few take: where they begin in the seller's stream. */
static const int64_t DRESSED = (int64_t)1 << 40, AUDITED = (int64_t)2 << 40, CALLED = (int64_t)3 << 40;

/* Parts in which the seller enters a contract, 0 if it is left out; `kind` becomes the declared type. */
static inline int64_t declare(double value, int *kind, double certified, double entry, uint64_t begin, int64_t k,
                              const struct terms *terms) {
    const int in_part = *kind >= CONSULTING;
    int declared = *kind;
    int64_t parts = 1;
    double gain = ((in_part ? terms->bound_gain : terms->gain) + certified * terms->certified_gain) * value;
    if (in_part) {
        const double undue = (terms->gain - terms->bound_gain) * value * terms->spared;
        if (undue > 0.0 && terms->near_development > 0.0) {
            const double among_all = pick(begin, DRESSED + k);
            if (among_all * (undue + terms->dressing) < terms->near_development * undue) {
                const double place = among_all / terms->near_development;
                declared = DEVELOPMENT;
                gain += undue - terms->dressing * place / (1.0 - place);
            }
        }
    }
    if (terms->reward > 0.0) {
        const double whole = terms->reward * value, cap = terms->reward_cap;
        gain += whole < cap ? whole : cap;
        if (whole > cap && terms->parts > 1.0) {
            double wanted = ceil(whole / cap);
            if (wanted > terms->parts) wanted = terms->parts;
            const double most = wanted * cap;
            const double more = ((whole < most ? whole : most) - cap) * terms->spared;
            const double papers = (wanted - 1.0) * terms->paper * entry / (1.0 - entry);
            if (more > papers) {
                parts = (int64_t)wanted;
                gain += more - papers;
            }
        }
    }
    if (entry * (gain + terms->paper) >= gain) return 0;
    *kind = declared;
    return parts;
}

int64_t sell_outside(struct seller *sellers, int64_t n, int64_t sector, const double *habit, const double *certified,
                     const double *contracts_per_attraction, double mean_value, double ln_sd, const double *type_cumulative,
                     const double *type_value, double admitted, double cap, const struct terms *terms, int64_t step,
                     uint64_t seed, uint64_t sales, uint64_t sale, const double *nodes, const double *one_over,
                     struct tally *tally, int64_t *city_value, int64_t *city_count) {
    const double down = 0.5 * ln_sd * ln_sd;
    const uint64_t counter = (uint64_t)step << 32;
    int64_t total = 0, signed_count = 0;
    for (int64_t i = 0; i < n; i++) {
        struct seller *seller = &sellers[i];
        seller->sold = 0;
        const double mean = contracts_per_attraction[seller->field] * seller->attraction;
        if (mean <= 0.0) continue;
        const int64_t number = poisson_quantile(fraction(hashed(seed, sales, seller->key, counter)), mean, one_over);
        if (number == 0) continue;
        const uint64_t begin = hashed(seed, sale, seller->key, counter);
        const double usual = mean_value * seller->value_scale, register_habit = habit[i];
        int64_t sold = 0, entered = 0;
        for (int64_t k = 0; k < number; k++) {
            const int64_t draw = 5 * k;
            const double which = pick(begin, draw);
            const int kind = (which >= type_cumulative[0]) + (which >= type_cumulative[1]) + (which >= type_cumulative[2]);
            const double z = quick_normal_quantile(pick(begin, draw + 1), nodes);
            const double drawn = usual * type_value[kind] * exp(ln_sd * z - down);
            const int64_t value = (int64_t)((drawn < cap ? drawn : cap) + 0.5) + 1;
            if (admitted < 1.0 && pick(begin, draw + 2) >= admitted) {
                tally->refused++;
                continue;
            }
            sold += value;
            signed_count++;
            int declared = kind;
            int64_t parts = 0;
            if (pick(begin, draw + 3) < register_habit)
                parts = declare((double)value, &declared, certified[i], pick(begin, draw + 4), begin, k, terms);
            if (parts == 0) {
                if ((double)value >= terms->small_value) continue;
                tally->small_left_out++;
                if (terms->called <= 0.0 || pick(begin, CALLED + k) >= terms->called) continue;
                tally->entered_by_offices++;
                parts = 1;
            } else if (declared != kind || parts > 1) {
                if (pick(begin, AUDITED + k) < terms->audit) {
                    declared = kind;
                    parts = 1;
                } else if (declared != kind) {
                    tally->relabelled_value += value;
                }
                tally->parts_more += parts - 1;
            }
            if (terms->reward > 0.0) {
                const double whole = terms->reward * (double)value, most = terms->reward_cap * (double)parts;
                tally->rewards_due += (int64_t)(whole < most ? whole : most);
            }
            entered += value;
            tally->value_by_seller[sector] += value;
            tally->count_by_seller[sector] += parts;
            tally->value_by_type[declared] += value;
            tally->count_by_type[declared] += parts;
            city_value[seller->city] += value;
            city_count[seller->city] += parts;
            if (value >= 10000000 * parts) {
                tally->major_value += value;
                tally->major_count += parts;
            }
        }
        seller->sold = sold;
        tally->high_tech_signed += (int64_t)(certified[i] * (double)sold + 0.5);
        tally->high_tech_value += (int64_t)(certified[i] * (double)entered + 0.5);
        total += sold;
    }
    tally->signed_value += total;
    tally->signed_count += signed_count;
    tally->signed_by_seller[sector] += total;
    return total;
}
