/* Fuzz of the compiled rim's core (resolver/net/_rim_core.h) under AddressSanitizer and UndefinedBehaviorSanitizer:

       make fuzz-rim                       10^7 inputs
       rim_core INPUTS SEED

   An input is one operation: a request looked up, its reply written; a reply put; room changed; all forgotten. Requests
   and replies are good ones that were cut, stretched or changed. A shadow remembers what was last put under every key: a
   reply that is found must be that, but for request id, expiration and TTLs, and never after its end. What the table
   says of its own size is counted again. The first thing that is wrong ends the program with 1. */

#include "../../resolver/net/_rim_core.h"

#include <stdio.h>

enum { KEYS = 64, EVERY = 4096 };

static uint64_t state;

static uint64_t chance(uint64_t below) { /* splitmix64 */
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % below;
}

typedef struct {
    uint8_t request[RIM_REQUEST_MAX + 64], reply[RIM_REPLY_MAX + 64];
    size_t request_octets, reply_octets;
    int64_t expires_ns;
    uint32_t ttls[2 * RIM_TTLS_MAX];
    size_t ttl_count;
    int there;
} Shadow;

static Shadow shadows[KEYS];

static void good_request(uint8_t *packet, size_t octets, unsigned key) {
    memset(packet, 0, octets);
    packet[0] = 2, packet[1] = 11;
    for (size_t at = 20; at < octets; at++) packet[at] = (uint8_t)(at * 31 + key);
    rim_put_u32(packet + 16, (uint32_t)(octets - 20));
}

static size_t damaged(uint8_t *packet, size_t octets, size_t room) {
    for (uint64_t times = chance(4); times; times--) {
        size_t at = octets ? chance(octets) : 0;
        switch (chance(5)) {
        case 0: if (octets) packet[at] ^= (uint8_t)(1 << chance(8)); break;
        case 1: octets = at; break;
        case 2:
            for (size_t more = chance(40); more && octets < room; more--) packet[octets++] = (uint8_t)chance(256);
            break;
        case 3: if (octets >= at + 4) memset(packet + at, 255, 4); break;
        default: if (octets >= 20) rim_put_u32(packet + 16, (uint32_t)chance(1u << 31));
        }
    }
    return octets;
}

static void wrong(const char *what, uint64_t input) {
    fprintf(stderr, "input %llu: %s\n", (unsigned long long)input, what);
    exit(1);
}

static void check_sizes(rim_table *table, uint64_t input) {
    size_t count = 0, octets = 0, in_buckets = 0;
    for (rim_entry *entry = table->newest; entry; entry = entry->older) count++, octets += rim_cost(entry);
    for (size_t at = 0; at < table->bucket_count; at++)
        for (rim_entry *entry = table->buckets[at]; entry; entry = entry->next) in_buckets++;
    if (count != table->count || count != in_buckets || octets != table->octets) wrong("the table does not add up", input);
    if (octets > table->octets_max) wrong("the table is over its bound", input);
}

int main(int argc, char **argv) {
    uint64_t inputs = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000, seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t found = 0, put = 0;
    state = seed;
    rim_table table;
    static uint32_t generations[RIM_GENERATIONS + 1];
    if (rim_open(&table, 60000, 1, 2)) return 2;
    rim_watch(&table, generations);
    int64_t wall_ns = 1800000000LL * 1000000000;
    uint8_t request[RIM_REQUEST_MAX + 64], out[RIM_REPLY_MAX];
    for (uint64_t input = 0; input < inputs; input++) {
        unsigned key = (unsigned)chance(KEYS);
        Shadow *shadow = &shadows[key];
        size_t octets = RIM_HEADER_END + 3 * key;
        good_request(request, octets, key);
        wall_ns += (int64_t)chance(1000000);
        uint64_t kind = chance(100);
        if (kind < 60) { /* a look-up, mostly of what is there */
            int whole = chance(2) == 0;
            if (!whole) octets = damaged(request, octets, sizeof request);
            for (int at = 0; octets >= RIM_HEADER_END && at < 4; at++)
                request[RIM_ID_AT + at] = (uint8_t)chance(256), request[RIM_EXPIRES_AT + at] = (uint8_t)chance(256);
            /* in memory of exactly this size, so that a read beyond it is seen */
            uint8_t *exact = malloc(octets ? octets : 1);
            memcpy(exact, request, octets);
            rim_keep_up(&table);
            rim_entry *entry = rim_find(&table, exact, octets, wall_ns);
            if (entry) {
                size_t wrote = rim_write(&table, entry, exact, wall_ns / 1000000000, out);
                found++;
                if (whole) {
                    if (!shadow->there || wrote != shadow->reply_octets) wrong("a reply that was never put", input);
                    if (wall_ns >= shadow->expires_ns) wrong("a reply after its end", input);
                    uint8_t expected[RIM_REPLY_MAX];
                    memcpy(expected, shadow->reply, wrote);
                    memcpy(expected + RIM_ID_AT, exact + RIM_ID_AT, 4);
                    memcpy(expected + RIM_EXPIRES_AT, out + RIM_EXPIRES_AT, 4);
                    for (size_t at = 0; at < shadow->ttl_count; at++)
                        memcpy(expected + shadow->ttls[2 * at], out + shadow->ttls[2 * at], 4);
                    if (memcmp(expected, out, wrote)) wrong("another reply", input);
                }
            }
            free(exact);
        } else if (kind < 97) { /* a reply is put */
            size_t reply_octets = RIM_HEADER_END + chance(600), ttls = chance(4);
            for (size_t at = 0; at < reply_octets; at++) shadow->reply[at] = (uint8_t)(chance(256));
            if (chance(8) == 0) reply_octets = damaged(shadow->reply, reply_octets, sizeof shadow->reply);
            for (size_t at = 0; at < ttls; at++) {
                shadow->ttls[2 * at] = (uint32_t)(RIM_HEADER_END + chance(reply_octets > 48 ? reply_octets - 47 : 1));
                if (chance(50) == 0) shadow->ttls[2 * at] = (uint32_t)chance(1ull << 32);
                shadow->ttls[2 * at + 1] = (uint32_t)chance(1ull << 32);
            }
            int64_t expires_ns = wall_ns + (int64_t)chance(4000000000u);
            uint8_t *exact = malloc(reply_octets ? reply_octets : 1);
            memcpy(exact, shadow->reply, reply_octets);
            int said = rim_put(&table, request, octets, exact, reply_octets, (uint16_t)key, 0,
                               (uint32_t)(wall_ns / 1000000000), expires_ns, shadow->ttls, ttls, (uint16_t)key, generations[key]);
            free(exact);
            shadow->there = said == 0, shadow->reply_octets = reply_octets, shadow->ttl_count = ttls;
            shadow->expires_ns = expires_ns;
            put += said == 0;
        } else if (kind < 98) { /* something odd is put: nothing is promised but that nothing breaks */
            octets = damaged(request, octets, sizeof request);
            uint8_t *exact = malloc(octets ? octets : 1);
            memcpy(exact, request, octets);
            rim_put(&table, exact, octets, exact, octets, 0, 0, 0, wall_ns + 1000, NULL, 0, 0, generations[0]);
            free(exact);
            for (unsigned at = 0; at < KEYS; at++)
                if (octets == RIM_HEADER_END + 3 * at) rim_clear(&table), memset(shadows, 0, sizeof shadows);
        } else if (kind < 99 && chance(2)) { /* something was written, or everything */
            if (chance(20)) generations[key]++, shadow->there = 0;
            else generations[RIM_GENERATIONS]++, memset(shadows, 0, sizeof shadows);
        } else if (kind < 99) {
            rim_resize(&table, chance(3) ? 60000 : chance(60000));
        } else {
            rim_clear(&table);
            memset(shadows, 0, sizeof shadows);
        }
        if (input % EVERY == 0) check_sizes(&table, input);
    }
    check_sizes(&table, inputs);
    rim_close(&table);
    printf("%llu inputs, %llu replies found, %llu put: nothing wrong\n", (unsigned long long)inputs,
           (unsigned long long)found, (unsigned long long)put);
    return found > inputs / 20 && put > inputs / 5 ? 0 : 1;
}
