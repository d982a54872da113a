/* What both C programs of the bench share: data from a file, rounds over a pipe, the clock, the checksum. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* -D gives PRE, HIDDEN, POST (neurons), MEMBERS, STEPS (of an episode), INPUT_ROWS (rows of observations). */

enum { FIRST = PRE * HIDDEN, SECOND = HIDDEN * POST };

/* Row (step + member) mod INPUT_ROWS is what a member observes in a step. */
static double observations[INPUT_ROWS][PRE];

/* What the outside reads; visible to other files, so that writing it is work that stays. */
double actions[POST];

static void load(FILE *file, void *into, size_t bytes) {
  if (fread(into, 1, bytes, file) == bytes) return;
  fprintf(stderr, "the data ends too early\n");
  exit(1);
}

/* FNV-1a over 32-bit words. */
static uint32_t mix(uint32_t hash, uint32_t word) { return (hash ^ word) * 16777619u; }

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/*
 * Answers every number on standard input with a round: so many episodes of every member, one member after the other. The
 * answer is the nanoseconds of the episodes alone, and the checksum of the state that each member ends with.
 */
static int serve(void (*episode)(int member), uint32_t (*state)(uint32_t hash)) {
  int episodes;
  while (scanf("%d", &episodes) == 1) {
    int64_t spent = 0;
    uint32_t hash = 2166136261u;
    for (int member = 0; member < MEMBERS; member++) {
      const int64_t started = nanoseconds();
      for (int i = 0; i < episodes; i++) episode(member);
      spent += nanoseconds() - started;
      hash = state(hash);
    }
    printf("%lld %u\n", (long long)spent, hash);
    fflush(stdout);
  }
  return 0;
}
