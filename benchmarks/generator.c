/* A closed-loop load generator for one UDP target: OUTSTANDING questions are always on their way, each reply lets the
 * next one go, so the server's speed sets the rate. It measures capacity, not latency (loadgen/ measures latency).
 *
 *     generator ADDRESS PORT REQUESTS SEQUENCE SECONDS OUTSTANDING CODE HANDLE
 *
 * REQUESTS  file of request packets, each as a big-endian u32 length and the packet
 * SEQUENCE  file of big-endian u32: which request comes next; read round and round
 * SECONDS   how long to ask; 0: once through SEQUENCE (to warm a cache)
 * CODE      response code that every reply must have, or -
 * HANDLE    "handle": the reply's body must begin with the handle of its request; "-": it need not (the echo)
 *
 * A request's id (octets 8..11) is rewritten to name its slot, so each reply is matched with what was asked. A reply
 * is bad if its message length is not what arrived, or code or handle are wrong; stray if nobody waits for its id
 * (it came after its time-out, or twice). Prints one line of JSON in which sent = answers + bad + timeouts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum {
    SLOTS_MAX = 256, /* the low octet of a request id names the slot */
    PACKET_MAX = 512,
    REPLY_MAX = 2048,
    REQUEST_ID = 8,
    MESSAGE_LENGTH = 16,
    ENVELOPE = 20,
    CODE = 24,
    BODY = 44,
    FILE_MAX = 1 << 28,
    WAIT_US = 50000
};
static const long TIMEOUT_NS = 1000000000;

struct slot {
    unsigned char packet[PACKET_MAX];
    unsigned octets, id; /* id 0: nothing under way */
    long sent_ns;
};

static struct slot slots[SLOTS_MAX];
static unsigned char *request_file, *sequence_file;
static size_t *request_at; /* offset of each packet in request_file */
static size_t request_count, sequence_count;
static size_t next_in_sequence, asked, asks_max; /* asks_max 0: no limit but time */

static void die(const char *what)
{
    fprintf(stderr, "generator: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static unsigned u32(const unsigned char *at)
{
    return (unsigned)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static unsigned char *read_file(const char *name, size_t *octets)
{
    FILE *file = fopen(name, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        die(name);
    long size = ftell(file);
    if (size < 4 || size > FILE_MAX)
        die("a file is empty or too large");
    unsigned char *content = malloc(size);
    rewind(file);
    if (!content || fread(content, 1, size, file) != (size_t)size)
        die(name);
    fclose(file);
    *octets = size;
    return content;
}

/* Seconds this process could have run but had to wait for its core; 0 where the kernel does not tell. */
static double waited_s(void)
{
    unsigned long ran_ns, waited_ns = 0;
    FILE *file = fopen("/proc/self/schedstat", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &ran_ns, &waited_ns) != 2)
        waited_ns = 0;
    fclose(file);
    return waited_ns / 1e9;
}

static void read_requests(const char *requests, const char *sequence)
{
    size_t octets, at = 0;
    request_file = read_file(requests, &octets);
    request_at = malloc(octets / 4 * sizeof *request_at);
    if (!request_at)
        die("memory");
    while (at + 4 <= octets) {
        size_t length = u32(request_file + at);
        if (length < BODY + 4 || length > PACKET_MAX || length > octets - at - 4)
            die("REQUESTS holds a packet of impossible length");
        request_at[request_count++] = at;
        at += 4 + length;
    }
    sequence_file = read_file(sequence, &octets);
    sequence_count = octets / 4;
    for (size_t i = 0; i < sequence_count; i++)
        if (u32(sequence_file + 4 * i) >= request_count)
            die("SEQUENCE names a request that is not there");
}

/* Loads the next request into a slot under a fresh id. 0 if all have been asked. */
static int load(unsigned number, long now)
{
    static unsigned round;
    struct slot *slot = &slots[number];
    if (asks_max && asked == asks_max)
        return 0;
    const unsigned char *request = request_file + request_at[u32(sequence_file + 4 * next_in_sequence)];
    if (++next_in_sequence == sequence_count)
        next_in_sequence = 0;
    round = (round + 1) & 0x7FFFFF;
    slot->id = (round ? round : ++round) << 8 | number; /* 1 .. 2^31-1, as reference clients choose */
    slot->octets = u32(request);
    slot->sent_ns = now;
    memcpy(slot->packet, request + 4, slot->octets);
    for (int i = 0; i < 4; i++)
        slot->packet[REQUEST_ID + i] = slot->id >> (24 - 8 * i);
    asked++;
    return 1;
}

static int good(const struct slot *slot, const unsigned char *reply, unsigned octets, long code, int with_handle)
{
    if (octets < BODY || u32(reply + MESSAGE_LENGTH) != octets - ENVELOPE)
        return 0;
    if (code >= 0 && u32(reply + CODE) != code)
        return 0;
    if (!with_handle)
        return 1;
    unsigned handle_octets = u32(slot->packet + BODY) + 4; /* with its length field */
    return handle_octets <= slot->octets - BODY && handle_octets <= octets - BODY &&
           !memcmp(slot->packet + BODY, reply + BODY, handle_octets);
}

int main(int argc, char **argv)
{
    static unsigned char replies[SLOTS_MAX][REPLY_MAX];
    static struct iovec into[SLOTS_MAX], out_of[SLOTS_MAX];
    static struct mmsghdr arriving[SLOTS_MAX], leaving[SLOTS_MAX];
    struct sockaddr_in target = {.sin_family = AF_INET};
    unsigned long answers = 0, bad = 0, stray = 0, timeouts = 0;

    if (argc != 9) {
        fprintf(stderr, "usage: generator ADDRESS PORT REQUESTS SEQUENCE SECONDS OUTSTANDING CODE|- handle|-\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    target.sin_port = htons(strtoul(argv[2], NULL, 10));
    read_requests(argv[3], argv[4]);
    double seconds = strtod(argv[5], NULL);
    unsigned outstanding = strtoul(argv[6], NULL, 10);
    long code = argv[7][0] == '-' ? -1 : strtol(argv[7], NULL, 10);
    int with_handle = argv[8][0] == 'h';
    if (inet_pton(AF_INET, argv[1], &target.sin_addr) != 1 || !outstanding || outstanding > SLOTS_MAX) {
        fprintf(stderr, "generator: ADDRESS is IPv4, OUTSTANDING 1..%d\n", SLOTS_MAX);
        return 2;
    }
    asks_max = seconds > 0 ? 0 : sequence_count;

    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval wait = {.tv_usec = WAIT_US};
    if (socket_fd < 0 || setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) < 0 ||
        connect(socket_fd, (struct sockaddr *)&target, sizeof target) < 0)
        die("socket");
    for (unsigned i = 0; i < SLOTS_MAX; i++) {
        into[i] = (struct iovec){replies[i], REPLY_MAX};
        arriving[i].msg_hdr = (struct msghdr){.msg_iov = &into[i], .msg_iovlen = 1};
        leaving[i].msg_hdr = (struct msghdr){.msg_iov = &out_of[i], .msg_iovlen = 1};
    }

    long start = now_ns(), now = start, last_answer = start, swept = start;
    long end = seconds > 0 ? start + (long)(seconds * 1e9) : start + 600 * 1000000000L; /* a pass has ten minutes */
    unsigned free_slots[SLOTS_MAX], free_count = 0, under_way = 0;
    for (unsigned i = 0; i < outstanding; i++)
        free_slots[free_count++] = outstanding - 1 - i;

    do {
        unsigned loaded = 0;
        while (free_count && now < end && load(free_slots[free_count - 1], now)) {
            struct slot *slot = &slots[free_slots[--free_count]];
            out_of[loaded++] = (struct iovec){slot->packet, slot->octets};
            under_way++;
        }
        for (unsigned sent = 0; sent < loaded;) {
            int more = sendmmsg(socket_fd, leaving + sent, loaded - sent, 0);
            if (more < 0)
                die("sending to the server");
            sent += more;
        }
        int count = recvmmsg(socket_fd, arriving, SLOTS_MAX, MSG_WAITFORONE, NULL);
        if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            die("receiving from the server");
        now = now_ns();
        for (int i = 0; i < count; i++) {
            unsigned octets = arriving[i].msg_len, id = octets < ENVELOPE ? 0 : u32(replies[i] + REQUEST_ID);
            struct slot *slot = &slots[id & 0xFF];
            if (!id || slot->id != id) {
                stray++;
                continue;
            }
            if (good(slot, replies[i], octets, code, with_handle))
                answers++;
            else
                bad++;
            slot->id = 0;
            free_slots[free_count++] = id & 0xFF;
            under_way--;
            last_answer = now;
        }
        if (now - swept > WAIT_US * 1000L) {
            for (unsigned i = 0; i < outstanding; i++)
                if (slots[i].id && now - slots[i].sent_ns > TIMEOUT_NS) {
                    slots[i].id = 0;
                    free_slots[free_count++] = i;
                    timeouts++, under_way--;
                }
            swept = now;
        }
    } while (under_way || (now < end && !(asks_max && asked == asks_max)));

    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double elapsed = (last_answer - start) / 1e9;
    printf("{\"answers_per_s\": %.1f, \"sent\": %zu, \"answers\": %lu, \"bad\": %lu, \"timeouts\": %lu, "
           "\"stray\": %lu, \"seconds\": %.6f, \"cpu_s\": %.6f, \"waited_s\": %.6f}\n",
           elapsed > 0 ? answers / elapsed : 0, asked, answers, bad, timeouts, stray, elapsed,
           used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
           waited_s());
    return 0;
}
