/*
 * Episodes of a PDLF network in float32, as one would write them by hand: ternary_lif neurons, a readout, the rule pdlf with
 * `normalize max` on both dense projections. Every sum has the order of the reference machine (pre ascending), and loops
 * run over postsynaptic neurons, so that the compiler can vectorise them without reordering anything.
 */
#include "work.h"
#include <string.h>

struct rule {
  float lr[FIRST + SECOND], a[FIRST + SECOND], b[FIRST + SECOND], c[FIRST + SECOND], d[FIRST + SECOND];
};

static struct rule rules[MEMBERS];
static float weights[FIRST + SECOND];
static float observation[PRE], current[HIDDEN], v[HIDDEN], spike[HIDDEN], trace[HIDDEN], value[POST];

static inline __attribute__((always_inline)) void deliver(const float *restrict w,
                                                          const float *restrict s,
                                                          float *restrict into, int pre, int post) {
  for (int j = 0; j < post; j++) into[j] = 0;
  for (int i = 0; i < pre; i++) {
    const float payload = s[i];
    if (payload == 0) continue;
    for (int j = 0; j < post; j++) into[j] += w[i * post + j] * payload;
  }
}

static inline __attribute__((always_inline)) void
learn(float *restrict w, const float *restrict lr, const float *restrict a, const float *restrict b,
      const float *restrict c, const float *restrict d, const float *restrict x,
      const float *restrict y, int pre, int post) {
  float largest = 0;
  for (int i = 0; i < pre; i++) {
    for (int j = 0; j < post; j++) {
      const int k = i * post + j;
      w[k] += lr[k] * (a[k] * x[i] * (y[j] - c[k]) + b[k] * y[j] + d[k]);
      const float size = fabsf(w[k]);
      largest = size > largest ? size : largest;
    }
  }
  if (largest == 0) return;
  for (int k = 0; k < pre * post; k++) w[k] /= largest;
}

static void neurons(void) {
  const float e = 2.7182817459106445f, keep = 1.0f - 1.0f / e, threshold = 0.1f;
  for (int j = 0; j < HIDDEN; j++) {
    const float moved = v[j] + (current[j] - v[j]) / e;
    const float sign = (moved > 0) - (moved < 0);
    spike[j] = fabsf(moved) > threshold ? sign : 0;
    v[j] = spike[j] != 0 ? 0 : moved;
    trace[j] = trace[j] / e + keep * spike[j];
  }
}

static void episode(int member) {
  const struct rule *r = &rules[member];
  memset(weights, 0, sizeof weights);
  memset(v, 0, sizeof v);
  memset(spike, 0, sizeof spike);
  memset(trace, 0, sizeof trace);
  for (int step = 0; step < STEPS; step++) {
    const double *given = observations[(step + member) % INPUT_ROWS];
    for (int i = 0; i < PRE; i++) observation[i] = (float)fmin(fmax(given[i], -CLIP), CLIP);
    deliver(weights, observation, current, PRE, HIDDEN);
    neurons();
    deliver(weights + FIRST, spike, value, HIDDEN, POST);
    learn(weights, r->lr, r->a, r->b, r->c, r->d, observation, trace, PRE, HIDDEN);
    learn(weights + FIRST, r->lr + FIRST, r->a + FIRST, r->b + FIRST, r->c + FIRST, r->d + FIRST,
          trace, value, HIDDEN, POST);
    for (int j = 0; j < POST; j++) actions[j] = fmin(fmax(value[j], -CLIP), CLIP);
  }
}

static uint32_t words(uint32_t hash, const float *values, int count) {
  for (int i = 0; i < count; i++) {
    uint32_t word;
    memcpy(&word, &values[i], sizeof word);
    hash = mix(hash, word);
  }
  return hash;
}

static uint32_t state(uint32_t hash) {
  hash = words(hash, weights, FIRST + SECOND);
  hash = words(hash, v, HIDDEN);
  hash = words(hash, spike, HIDDEN);
  hash = words(hash, trace, HIDDEN);
  return words(hash, value, POST);
}

/* argv[1]: the observations, then lr, A, B, C, D of every member, both projections one after the other. */
int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (!file) return 1;
  load(file, observations, sizeof observations);
  load(file, rules, sizeof rules);
  fclose(file);
  return serve(episode, state);
}
