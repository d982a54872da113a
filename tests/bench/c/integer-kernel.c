/*
 * Episodes of the same network on the integers of loihi2, as one would write them by hand: the micro-operations that
 * `plastron compile --emit micro` prints for it, each with the narrowest type that holds it, loops over postsynaptic
 * neurons. The learning engine's sum of products is computed for every synapse in every step, as the chip does it.
 */
#include "work.h"
#include <string.h>

/* Mantissas and exponents of the four products, by synapse. */
struct rule {
  int8_t m0[FIRST + SECOND], m1[FIRST + SECOND], m2[FIRST + SECOND], m3[FIRST + SECOND];
  uint8_t e0[FIRST + SECOND], e1[FIRST + SECOND], e2[FIRST + SECOND], e3[FIRST + SECOND];
};

static struct rule rules[MEMBERS];
static int8_t weights[FIRST + SECOND];
static int16_t observation[PRE];                                 /* s12.9 */
static int32_t current[HIDDEN], v[HIDDEN], trace[HIDDEN];        /* s24.16 */
static int8_t spike[HIDDEN];                                     /* s2.0 */
static int32_t value[POST];                                      /* s24.7 */
static int8_t seen[PRE], hidden[HIDDEN], acted[POST];            /* traces of the rules: s7.5 */

static inline int32_t limit(int32_t x, int32_t low, int32_t high) {
  const int32_t least = x > low ? x : low;
  return least < high ? least : high;
}
static inline int32_t saturate16(int32_t x) { return limit(x, INT16_MIN, INT16_MAX); }
static inline int32_t left(int32_t x, int by) { return (int32_t)((uint32_t)x << by); }
static inline int32_t wrap24(int32_t x) { return left(x, 8) >> 8; }
static inline int8_t signal(int32_t x, int bits) {
  return (int8_t)limit((x + (1 << (bits - 1))) >> bits, -64, 63);
}

/* compiler/levels/numbers/draw.ts */
#define KEY 0x9e3779b9u
static inline uint32_t rotate(uint32_t x, int right) { return x >> right | x << (32 - right); }
static inline void draw_round(uint32_t *a, uint32_t *b, uint32_t key) {
  *a = (rotate(*a, 8) + *b) ^ key;
  *b = rotate(*b, 29) ^ *a;
}
static inline void absorb(uint32_t *a, uint32_t *b, uint32_t word, uint32_t key) {
  *b ^= word;
  for (uint32_t i = 0; i < 3; i++) draw_round(a, b, KEY + key * 16 + i);
}

/* gcc unrolls a short loop before it vectorises unless told otherwise. */
#define VECTORISE _Pragma("GCC unroll 1")

/* Every rounding reads the top seven bits of a byte; four neighbouring neurons share a word. */
_Static_assert(HIDDEN % 4 == 0 && POST % 4 == 0, "the words of a row hold all of its neurons and no others");

/* The draws of a projection: words by row and four neurons, read as bytes by synapse (little-endian). */
static inline __attribute__((always_inline)) void
draw(uint32_t *restrict words, uint32_t projection, uint32_t operation, uint32_t step, int pre,
     int post) {
  uint32_t rows_a[HIDDEN], rows_b[HIDDEN];
  uint32_t shared_a = 0x243f6a88u, shared_b = 0x85a308d3u;
  absorb(&shared_a, &shared_b, SEED, 1);
  absorb(&shared_a, &shared_b, projection, 2);
  absorb(&shared_a, &shared_b, operation, 3);
  absorb(&shared_a, &shared_b, step, 4);
  for (int i = 0; i < pre; i++) {
    uint32_t a = shared_a, b = shared_b;
    absorb(&a, &b, (uint32_t)i, 5);
    for (uint32_t k = 0; k < 4; k++) draw_round(&a, &b, KEY + 6 * 16 + k);
    rows_a[i] = a;
    rows_b[i] = b;
  }
  for (int i = 0; i < pre; i++) {
    VECTORISE
    for (int j = 0; j < post / 4; j++) {
      uint32_t a = rows_a[i], b = rows_b[i] ^ (uint32_t)j;
      draw_round(&a, &b, KEY);
      draw_round(&a, &b, KEY);
      draw_round(&a, &b, KEY);
      draw_round(&a, &b, KEY);
      draw_round(&a, &b, KEY);
      draw_round(&a, &b, KEY);
      words[i * (post / 4) + j] = a + b;
    }
  }
}

/*
 * The sum of products. Both traces of every synapse are written out beforehand, so that one loop runs over all synapses,
 * however few neurons a row has.
 */
static inline __attribute__((always_inline)) void
learn(int8_t *restrict w, const int8_t *restrict m0, const uint8_t *restrict e0,
      const int8_t *restrict m1, const uint8_t *restrict e1, const int8_t *restrict m2,
      const uint8_t *restrict e2, const int8_t *restrict m3, const uint8_t *restrict e3,
      const int8_t *restrict pre_trace, const int8_t *restrict post_trace,
      const uint8_t *restrict random, int pre, int post) {
  static int8_t x[FIRST > SECOND ? FIRST : SECOND], y[FIRST > SECOND ? FIRST : SECOND];
  for (int i = 0; i < pre; i++) {
    for (int j = 0; j < post; j++) x[i * post + j] = pre_trace[i];
    for (int j = 0; j < post; j++) y[i * post + j] = post_trace[j];
  }
  for (int k = 0; k < pre * post; k++) {
    const int16_t both = (int16_t)((int16_t)(x[k] * m0[k]) * y[k]);
    const int16_t before = (int16_t)(x[k] * m1[k]), after = (int16_t)(y[k] * m2[k]);
    int32_t sum = w[k] * 128;
    sum = saturate16(sum + saturate16(left(both >> 3, e0[k])));
    sum = saturate16(sum + saturate16(left(before, e1[k])));
    sum = saturate16(sum + saturate16(left(after, e2[k])));
    sum = saturate16(sum + saturate16(left(m3[k], e3[k])));
    w[k] = (int8_t)limit((sum + (random[k] >> 1)) >> 7, INT8_MIN, INT8_MAX);
  }
}

static void neurons(void) {
  for (int j = 0; j < HIDDEN; j++) {
    const int64_t decayed = (int64_t)(current[j] - v[j]) * 6027;
    const int64_t moved = ((int64_t)v[j] * 16384 + decayed + 8192) >> 14;
    const int32_t held = moved < -8388608 ? -8388608 : moved > 8388607 ? 8388607 : (int32_t)moved;
    const int32_t size = held < 0 ? -held : held;
    const int32_t fired = size > 6554 ? (held > 0) - (held < 0) : 0;
    const int64_t kept = (int64_t)trace[j] * 6027 + (int64_t)(2589 * fired) * 262144;
    spike[j] = (int8_t)fired;
    v[j] = fired ? 0 : held;
    trace[j] = (int32_t)((kept + 8192) >> 14);
    hidden[j] = signal(trace[j], 11);
  }
}

static void episode(int member) {
  const struct rule *r = &rules[member];
  memset(weights, 0, sizeof weights);
  memset(v, 0, sizeof v);
  memset(trace, 0, sizeof trace);
  for (int step = 0; step < STEPS; step++) {
    const double *given = observations[(step + member) % INPUT_ROWS];
    for (int i = 0; i < PRE; i++) {
      const double clipped = fmin(fmax(given[i], -CLIP), CLIP);
      observation[i] = (int16_t)limit((int32_t)floor(clipped * 512 + 0.5), -2048, 2047);
      seen[i] = signal(observation[i], 4);
    }
    for (int j = 0; j < HIDDEN; j++) current[j] = 0;
    for (int i = 0; i < PRE; i++) {
      const int32_t payload = observation[i];
      if (payload == 0) continue;
      for (int j = 0; j < HIDDEN; j++) current[j] += weights[i * HIDDEN + j] * payload;
    }
    for (int j = 0; j < HIDDEN; j++) current[j] = wrap24(current[j]);
    neurons();
    for (int j = 0; j < POST; j++) value[j] = 0;
    for (int i = 0; i < HIDDEN; i++) {
      const int32_t payload = spike[i];
      if (payload == 0) continue;
      for (int j = 0; j < POST; j++) value[j] += weights[FIRST + i * POST + j] * payload;
    }
    for (int j = 0; j < POST; j++) {
      value[j] = wrap24(value[j]);
      acted[j] = signal(value[j], 2);
    }
    static uint32_t words[(FIRST > SECOND ? FIRST : SECOND) / 4];
    const uint8_t *random = (const uint8_t *)words;
    draw(words, 0, FIRST_DRAW, (uint32_t)step, PRE, HIDDEN);
    learn(weights, r->m0, r->e0, r->m1, r->e1, r->m2, r->e2, r->m3, r->e3, seen, hidden, random,
          PRE, HIDDEN);
    draw(words, 1, SECOND_DRAW, (uint32_t)step, HIDDEN, POST);
    learn(weights + FIRST, r->m0 + FIRST, r->e0 + FIRST, r->m1 + FIRST, r->e1 + FIRST,
          r->m2 + FIRST, r->e2 + FIRST, r->m3 + FIRST, r->e3 + FIRST, hidden, acted, random,
          HIDDEN, POST);
    for (int j = 0; j < POST; j++) actions[j] = fmin(fmax(value[j] / 128.0, -CLIP), CLIP);
  }
}

static uint32_t state(uint32_t hash) {
  for (int k = 0; k < FIRST + SECOND; k++) hash = mix(hash, (uint32_t)(int32_t)weights[k]);
  for (int j = 0; j < HIDDEN; j++) hash = mix(hash, (uint32_t)v[j]);
  for (int j = 0; j < HIDDEN; j++) hash = mix(hash, (uint32_t)(int32_t)spike[j]);
  for (int j = 0; j < HIDDEN; j++) hash = mix(hash, (uint32_t)trace[j]);
  for (int j = 0; j < POST; j++) hash = mix(hash, (uint32_t)value[j]);
  return hash;
}

/* argv[1]: the observations, then m0 … m3 and e0 … e3 of every member, both projections one after the other. */
int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (!file) return 1;
  load(file, observations, sizeof observations);
  load(file, rules, sizeof rules);
  fclose(file);
  return serve(episode, state);
}
