/* The yardstick: the least a UDP server can do on one core, so that "answers a second" becomes a ratio.
 *
 *     echo ADDRESS PORT REPLY_OCTETS
 *
 * Takes up to 64 datagrams with one system call and sends 64 replies with another. A reply is a canned Handle answer
 * of REPLY_OCTETS octets (64..512; Handle answers are longer than their requests) into which only the request id,
 * octets 8..11, is copied. REPLY_OCTETS 0 sends the request itself back. Writes one line "ready" once bound, then
 * nothing; ends on SIGTERM, or when whoever started it ends. Who starts it chooses the core (affinity is inherited).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

enum {
    BATCH = 64,
    PACKET_MAX = 2048,
    REPLY_MIN = 64,
    REPLY_MAX = 512, /* a longer Handle message would leave in fragments (protocol.md section 2) */
    ENVELOPE = 20,
    HEADER = 24,
    REQUEST_ID = 8
};

static void put_u32(unsigned char *at, unsigned value)
{
    at[0] = value >> 24, at[1] = value >> 16, at[2] = value >> 8, at[3] = value;
}

/* The fixed part of a successful answer to a resolution; what follows in the body is filler. */
static void make_answer(unsigned char *reply, unsigned octets)
{
    memset(reply, 'x', octets);
    memset(reply, 0, ENVELOPE + HEADER);
    reply[0] = 2, reply[1] = 11, reply[2] = 2, reply[3] = 11;
    put_u32(reply + 16, octets - ENVELOPE);                      /* message length */
    put_u32(reply + ENVELOPE, 1);                                /* opcode: resolution */
    put_u32(reply + ENVELOPE + 4, 1);                            /* response code: success */
    put_u32(reply + ENVELOPE + 20, octets - ENVELOPE - HEADER);  /* body length */
}

static void die(const char *what)
{
    fprintf(stderr, "echo: ");
    perror(what);
    exit(1);
}

int main(int argc, char **argv)
{
    static unsigned char packets[BATCH][PACKET_MAX], replies[BATCH][REPLY_MAX];
    static struct sockaddr_in peers[BATCH];
    static struct iovec into[BATCH], out_of[BATCH];
    static struct mmsghdr requests[BATCH], answers[BATCH];
    struct sockaddr_in here = {.sin_family = AF_INET};

    if (argc != 4) {
        fprintf(stderr, "usage: echo ADDRESS PORT REPLY_OCTETS\n");
        return 2;
    }
    unsigned reply_octets = strtoul(argv[3], NULL, 10);
    here.sin_port = htons(strtoul(argv[2], NULL, 10));
    if (inet_pton(AF_INET, argv[1], &here.sin_addr) != 1 ||
        (reply_octets && (reply_octets < REPLY_MIN || reply_octets > REPLY_MAX))) {
        fprintf(stderr, "echo: ADDRESS is IPv4, REPLY_OCTETS 0 or %d..%d\n", REPLY_MIN, REPLY_MAX);
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (socket_fd < 0 || bind(socket_fd, (struct sockaddr *)&here, sizeof here) < 0)
        die("bind");

    for (int i = 0; i < BATCH; i++) {
        into[i] = (struct iovec){packets[i], PACKET_MAX};
        requests[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_iov = &into[i], .msg_iovlen = 1};
        if (reply_octets)
            make_answer(replies[i], reply_octets);
        out_of[i] = (struct iovec){reply_octets ? replies[i] : packets[i], reply_octets};
        answers[i].msg_hdr = (struct msghdr){
            .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &out_of[i], .msg_iovlen = 1};
    }
    puts("ready");
    fflush(stdout);

    for (;;) {
        for (int i = 0; i < BATCH; i++)
            requests[i].msg_hdr.msg_namelen = sizeof peers[i];
        int count = recvmmsg(socket_fd, requests, BATCH, MSG_WAITFORONE, NULL);
        if (count < 0)
            die("recvmmsg");
        for (int i = 0; i < count; i++) {
            if (reply_octets)
                memcpy(replies[i] + REQUEST_ID, packets[i] + REQUEST_ID, 4);
            else
                out_of[i].iov_len = requests[i].msg_len;
        }
        for (int sent = 0; sent < count;) {
            int more = sendmmsg(socket_fd, answers + sent, count - sent, 0);
            if (more < 0)
                die("sendmmsg");
            sent += more;
        }
    }
}
