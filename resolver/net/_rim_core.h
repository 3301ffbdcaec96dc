/* The table of remembered replies: plain C over memory, no Python, no sockets, so that it can be fuzzed alone.

   It does what resolver/cache/packets.py does, octet by octet (tests/net/test_rim.py holds the two together):

   - The key of a request is all of it but the request id (8..11) and the expiration (36..39); session (4..7) and
     sequence (12..15) must be zero, so they are not kept. Keys are compared whole; the hash is keyed by a secret, so
     nobody can choose requests that fall into one bucket.
   - A reply is repeated with three places written anew: request id, expiration (now + 12 h), remaining TTLs.
   - An entry is no more when its slot of `generations` has another number by now, and none is when the epoch has: that
     memory may be shared, and whoever writes a record writes there (resolver/cache/generations.py).
   - What is kept is bounded in octets, bookkeeping included; who leaves is decided by SIEVE (resolver/cache/sieve.py).

   An entry:  struct rim_entry | key | reply | (u32 offset, u32 seconds) of each TTL that runs down here          */

#ifndef RIM_CORE_H
#define RIM_CORE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    RIM_SESSION_AT = 4, RIM_ID_AT = 8, RIM_LENGTH_AT = 16, RIM_EXPIRES_AT = 36, RIM_HEADER_END = 44, /* see peek.py */
    RIM_CUT = RIM_LENGTH_AT - RIM_SESSION_AT + 4,            /* octets of a request that are not in its key */
    RIM_MIDDLE = RIM_EXPIRES_AT - RIM_LENGTH_AT,
    RIM_LIFE_S = 43200,
    RIM_REQUEST_MAX = 2048, RIM_REPLY_MAX = 4096, RIM_TTLS_MAX = 255,
    RIM_BUCKETS_MIN = 64, RIM_MALLOC_OCTETS = 8,             /* what malloc keeps beside a block */
    RIM_GENERATIONS = 1 << 16,                               /* slots; the epoch stands behind them */
};

typedef struct rim_entry {
    struct rim_entry *next, *newer, *older;
    int64_t expires_ns;
    uint32_t hash, born_s, generation;
    uint16_t key_octets, reply_octets, udp_slot, tcp_slot, place; /* place: its slot of the generations */
    uint8_t ttls, visited;
    uint8_t octets[];
} rim_entry;

typedef struct {
    rim_entry **buckets, *newest, *oldest, *hand;
    size_t bucket_count, count, octets, octets_max;
    uint64_t evicted, seed[2];
    double time_scale;
    const uint32_t *generations; /* RIM_GENERATIONS of them and the epoch; NULL: what is said stands until it expires */
    uint32_t epoch;
} rim_table;

static inline uint64_t rim_mix(uint64_t a, uint64_t b) {
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t rim_hash_part(uint64_t hash, uint64_t secret, const uint8_t *at, size_t octets) {
    uint64_t word;
    for (; octets >= 8; at += 8, octets -= 8) {
        memcpy(&word, at, 8);
        hash = rim_mix(hash ^ word, secret);
    }
    if (octets) {
        word = 0;
        memcpy(&word, at, octets);
        hash = rim_mix(hash ^ word ^ ((uint64_t)octets << 56), secret);
    }
    return hash;
}

/* Of a request of at least RIM_HEADER_END octets. */
static inline uint32_t rim_hash(const rim_table *table, const uint8_t *packet, size_t octets) {
    uint64_t secret = table->seed[1] | 1, hash = table->seed[0] ^ octets;
    hash = rim_hash_part(hash, secret, packet, RIM_SESSION_AT);
    hash = rim_hash_part(hash, secret, packet + RIM_LENGTH_AT, RIM_MIDDLE);
    hash = rim_hash_part(hash, secret, packet + RIM_EXPIRES_AT + 4, octets - RIM_EXPIRES_AT - 4);
    return (uint32_t)(rim_mix(hash, secret) >> 16);
}

static inline int rim_same(const rim_entry *entry, const uint8_t *packet, size_t octets) {
    const uint8_t *key = entry->octets;
    return entry->key_octets == octets - RIM_CUT && !memcmp(key, packet, RIM_SESSION_AT) &&
           !memcmp(key + RIM_SESSION_AT, packet + RIM_LENGTH_AT, RIM_MIDDLE) &&
           !memcmp(key + RIM_SESSION_AT + RIM_MIDDLE, packet + RIM_EXPIRES_AT + 4, octets - RIM_EXPIRES_AT - 4);
}

/* Whether a request can have been remembered at all. */
static inline int rim_plain(const uint8_t *packet, size_t octets) {
    static const uint8_t none[4] = {0};
    return octets >= RIM_HEADER_END && octets <= RIM_REQUEST_MAX && !memcmp(packet + RIM_SESSION_AT, none, 4) &&
           !memcmp(packet + RIM_ID_AT + 4, none, 4);
}

static inline size_t rim_entry_octets(size_t key_octets, size_t reply_octets, size_t ttls) {
    size_t block = offsetof(rim_entry, octets) + key_octets + reply_octets + 8 * ttls;
    return ((block + RIM_MALLOC_OCTETS + 15) & ~(size_t)15) + sizeof(rim_entry *);
}

static inline size_t rim_cost(const rim_entry *entry) {
    return rim_entry_octets(entry->key_octets, entry->reply_octets, entry->ttls);
}

static inline void rim_put_u32(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 24), at[1] = (uint8_t)(value >> 16), at[2] = (uint8_t)(value >> 8), at[3] = (uint8_t)value;
}

static int rim_open(rim_table *table, size_t octets_max, uint64_t seed0, uint64_t seed1) {
    memset(table, 0, sizeof *table);
    table->octets_max = octets_max, table->seed[0] = seed0, table->seed[1] = seed1, table->time_scale = 1.0;
    table->bucket_count = RIM_BUCKETS_MIN;
    table->buckets = calloc(table->bucket_count, sizeof *table->buckets);
    return table->buckets ? 0 : -1;
}

static rim_entry **rim_link(rim_table *table, uint32_t hash) { return &table->buckets[hash & (table->bucket_count - 1)]; }

static void rim_remove(rim_table *table, rim_entry *entry) {
    rim_entry **link = rim_link(table, entry->hash);
    while (*link != entry) link = &(*link)->next;
    *link = entry->next;
    if (table->hand == entry) table->hand = entry->newer;
    if (entry->newer) entry->newer->older = entry->older; else table->newest = entry->older;
    if (entry->older) entry->older->newer = entry->newer; else table->oldest = entry->newer;
    table->octets -= rim_cost(entry), table->count--;
    free(entry);
}

static void rim_evict(rim_table *table) {
    rim_entry *entry = table->hand ? table->hand : table->oldest;
    while (entry->visited) { /* ends: every step clears a bit */
        entry->visited = 0;
        entry = entry->newer ? entry->newer : table->oldest;
    }
    table->hand = entry->newer;
    rim_remove(table, entry);
    table->evicted++;
}

static void rim_clear(rim_table *table) {
    for (rim_entry *entry = table->newest, *older; entry; entry = older) older = entry->older, free(entry);
    memset(table->buckets, 0, table->bucket_count * sizeof *table->buckets);
    table->newest = table->oldest = table->hand = NULL, table->count = table->octets = 0;
}

static inline uint32_t rim_number(const uint32_t *at) { return __atomic_load_n(at, __ATOMIC_ACQUIRE); }

static void rim_watch(rim_table *table, const uint32_t *generations) {
    table->generations = generations;
    table->epoch = generations ? rim_number(generations + RIM_GENERATIONS) : 0;
}

/* Before look-ups: forget everything if everything was taken back. */
static inline void rim_keep_up(rim_table *table) {
    if (!table->generations) return;
    uint32_t epoch = rim_number(table->generations + RIM_GENERATIONS);
    if (epoch == table->epoch) return;
    rim_clear(table);
    table->epoch = epoch;
}

static inline int rim_stands(const rim_table *table, const rim_entry *entry, int64_t wall_ns) {
    return wall_ns < entry->expires_ns &&
           (!table->generations || rim_number(table->generations + entry->place) == entry->generation);
}

static void rim_close(rim_table *table) {
    if (table->buckets) rim_clear(table);
    free(table->buckets);
    table->buckets = NULL;
}

static void rim_resize(rim_table *table, size_t octets_max) {
    table->octets_max = octets_max;
    while (table->octets > octets_max) rim_evict(table);
}

static void rim_grow(rim_table *table) {
    size_t count = table->bucket_count * 2;
    rim_entry **buckets = calloc(count, sizeof *buckets), *next;
    if (!buckets) return; /* longer chains, then */
    for (size_t at = 0; at < table->bucket_count; at++)
        for (rim_entry *entry = table->buckets[at]; entry; entry = next) {
            next = entry->next;
            entry->next = buckets[entry->hash & (count - 1)];
            buckets[entry->hash & (count - 1)] = entry;
        }
    free(table->buckets);
    table->buckets = buckets, table->bucket_count = count;
}

/* The entry for a plain request of this hash that still stands, or NULL. */
static rim_entry *rim_find_hashed(rim_table *table, const uint8_t *packet, size_t octets, uint32_t hash, int64_t wall_ns) {
    for (rim_entry *entry = *rim_link(table, hash); entry; entry = entry->next)
        if (entry->hash == hash && rim_same(entry, packet, octets)) {
            if (!rim_stands(table, entry, wall_ns)) {
                rim_remove(table, entry);
                return NULL;
            }
            entry->visited = 1;
            return entry;
        }
    return NULL;
}

static rim_entry *rim_find(rim_table *table, const uint8_t *packet, size_t octets, int64_t wall_ns) {
    if (!rim_plain(packet, octets)) return NULL;
    return rim_find_hashed(table, packet, octets, rim_hash(table, packet, octets), wall_ns);
}

/* Begin to fetch what a look-up will need: first the bucket, then, when that is there, the entry. A table is larger than
   the processor's caches, and a batch of look-ups can wait for memory all at once. */
static inline void rim_prefetch_bucket(rim_table *table, uint32_t hash) { __builtin_prefetch(rim_link(table, hash)); }
static inline void rim_prefetch_entry(rim_table *table, uint32_t hash) {
    const char *entry = (const char *)*rim_link(table, hash);
    if (entry)
        for (int line = 0; line < 6; line++) __builtin_prefetch(entry + 64 * line);
}

/* Remember a reply. `ttls`: pairs of offset and seconds, every offset at least four octets before the reply's end.
   0: done; 1: too large, or an offset is not in the reply; -1: no memory. */
static int rim_put(rim_table *table, const uint8_t *packet, size_t octets, const uint8_t *reply, size_t reply_octets,
                   uint16_t udp_slot, uint16_t tcp_slot, uint32_t born_s, int64_t expires_ns, const uint32_t *ttls,
                   size_t ttl_count, uint16_t place, uint32_t generation) {
    rim_entry *entry = rim_find(table, packet, octets, INT64_MIN);
    if (entry) rim_remove(table, entry); /* even if the new reply cannot be kept: the old one is no more */
    if (!rim_plain(packet, octets) || reply_octets < RIM_HEADER_END || reply_octets > RIM_REPLY_MAX ||
        ttl_count > RIM_TTLS_MAX)
        return 1;
    for (size_t at = 0; at < ttl_count; at++)
        if (ttls[2 * at] < RIM_HEADER_END || ttls[2 * at] > reply_octets - 4) return 1;
    size_t key_octets = octets - RIM_CUT, cost = rim_entry_octets(key_octets, reply_octets, ttl_count);
    if (cost > table->octets_max) return 1;
    while (table->octets + cost > table->octets_max) rim_evict(table);
    if (table->count >= table->bucket_count) rim_grow(table);
    entry = malloc(offsetof(rim_entry, octets) + key_octets + reply_octets + 8 * ttl_count);
    if (!entry) return -1;
    uint8_t *key = entry->octets;
    memcpy(key, packet, RIM_SESSION_AT);
    memcpy(key + RIM_SESSION_AT, packet + RIM_LENGTH_AT, RIM_MIDDLE);
    memcpy(key + RIM_SESSION_AT + RIM_MIDDLE, packet + RIM_EXPIRES_AT + 4, octets - RIM_EXPIRES_AT - 4);
    memcpy(key + key_octets, reply, reply_octets);
    if (ttl_count) memcpy(key + key_octets + reply_octets, ttls, 8 * ttl_count);
    entry->hash = rim_hash(table, packet, octets);
    entry->key_octets = (uint16_t)key_octets, entry->reply_octets = (uint16_t)reply_octets;
    entry->udp_slot = udp_slot, entry->tcp_slot = tcp_slot, entry->ttls = (uint8_t)ttl_count, entry->visited = 0;
    entry->born_s = born_s, entry->expires_ns = expires_ns, entry->place = place, entry->generation = generation;
    entry->next = *rim_link(table, entry->hash), *rim_link(table, entry->hash) = entry;
    entry->newer = NULL, entry->older = table->newest;
    if (table->newest) table->newest->newer = entry;
    table->newest = entry;
    if (!table->oldest) table->oldest = entry;
    table->octets += cost, table->count++;
    return 0;
}

/* Write an entry's reply to a request into `out` (room for RIM_REPLY_MAX octets); how many octets those are. */
static size_t rim_write(const rim_table *table, const rim_entry *entry, const uint8_t *packet, int64_t wall_s,
                        uint8_t *out) {
    const uint8_t *reply = entry->octets + entry->key_octets, *ttl = reply + entry->reply_octets;
    memcpy(out, reply, entry->reply_octets);
    memcpy(out + RIM_ID_AT, packet + RIM_ID_AT, 4);
    rim_put_u32(out + RIM_EXPIRES_AT, (uint32_t)(wall_s + RIM_LIFE_S));
    if (entry->ttls) {
        int64_t gone_s = wall_s > entry->born_s ? (int64_t)((double)(wall_s - entry->born_s) * table->time_scale) : 0;
        for (uint8_t at = 0; at < entry->ttls; at++, ttl += 8) {
            uint32_t offset, seconds;
            memcpy(&offset, ttl, 4), memcpy(&seconds, ttl + 4, 4);
            int64_t left = (int64_t)seconds - gone_s, least = seconds ? 1 : 0; /* what lives has something left */
            rim_put_u32(out + offset, (uint32_t)(left > least ? left : least));
        }
    }
    return entry->reply_octets;
}

#endif
