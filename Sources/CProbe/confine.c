/* Confinement of a child: limits, namespaces, traps. */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

int probe_report = -1;

struct trap { long number; const char *name; };

#define TRAP(name) {SYS_##name, #name}

/* Never, on any thread: what would leave something behind or reach somebody. */
static const struct trap always[] = {
#ifdef SYS_fork
    TRAP(fork), TRAP(vfork),
#endif
    TRAP(execve), TRAP(execveat), TRAP(setsid), TRAP(socketpair), TRAP(connect), TRAP(bind), TRAP(ptrace),
    TRAP(kill), TRAP(chroot), TRAP(mount), TRAP(setuid), TRAP(setgid), TRAP(setns), TRAP(unshare), TRAP(memfd_create),
};

/* Never during a turn, on the turn's thread. */
static const struct trap in_turn[] = {
#ifdef SYS_open
    TRAP(open), TRAP(creat), TRAP(unlink), TRAP(rename), TRAP(mkdir), TRAP(poll), TRAP(select), TRAP(pipe), TRAP(alarm),
    TRAP(epoll_wait), TRAP(eventfd),
#endif
    TRAP(socket), TRAP(openat), TRAP(unlinkat), TRAP(renameat2), TRAP(mkdirat), TRAP(ppoll), TRAP(pselect6), TRAP(epoll_create1),
    TRAP(epoll_pwait), TRAP(pipe2), TRAP(eventfd2), TRAP(inotify_init1), TRAP(nanosleep), TRAP(clock_nanosleep),
    TRAP(rt_sigaction), TRAP(timer_create), TRAP(timerfd_create), TRAP(setitimer), TRAP(chdir), TRAP(fchdir),
    TRAP(umask), TRAP(prlimit64), TRAP(setpriority), TRAP(sched_setaffinity), TRAP(clone),
};

#define COUNT(list) (sizeof(list) / sizeof *(list))

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

static size_t put(struct sock_filter *program, size_t at, uint16_t code, uint32_t k, uint8_t yes, uint8_t no) {
  program[at] = (struct sock_filter){code, yes, no, k};
  return at + 1;
}

static int install(const struct trap *list, size_t count, int is_turn) {
  struct sock_filter program[160];
  size_t n = 0;
  n = put(program, n, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
  n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
  n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
  n = put(program, n, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
  for (size_t i = 0; i < count; i++) {
    n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)list[i].number, 0, 1);
    n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0, 0);
  }
  /* clone3 hides its flags in memory: the C library falls back to clone. */
  n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
  n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
  if (is_turn) {
    n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 0, 3);
    n = put(program, n, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]), 0, 0);
    n = put(program, n, BPF_JMP | BPF_JGT | BPF_K, 2, 1, 0);
    n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0, 0);
  } else {
    /* The C library asks a name service over AF_UNIX when Foundation looks for a home: it may not, and goes on. */
    n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4);
    n = put(program, n, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]), 0, 0);
    n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 1);
    n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES, 0, 0);
    n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0, 0);
    n = put(program, n, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3);
    n = put(program, n, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]), 0, 0);
    n = put(program, n, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
    n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0, 0);
  }
  n = put(program, n, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  struct sock_fprog whole = {.len = (unsigned short)n, .filter = program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0 ? 0 : errno;
}

static const char *name_of(long number) {
  for (size_t i = 0; i < COUNT(always); i++)
    if (always[i].number == number) return always[i].name;
  for (size_t i = 0; i < COUNT(in_turn); i++)
    if (in_turn[i].number == number) return in_turn[i].name;
  return number == SYS_write ? "write to a standard stream" : "another";
}

void probe_say(const char *word, const char *text) {
  char line[96];
  size_t n = 0;
  line[n++] = '!';
  for (; *word && n < 40; word++) line[n++] = *word;
  line[n++] = ' ';
  for (; *text && n < sizeof line - 2; text++) line[n++] = *text;
  line[n++] = '\n';
  if (write(probe_report, line, n) < 0) return;
}

static void on_trap(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)context;
  probe_say("syscall", name_of(info->si_syscall));
  syscall(SYS_exit_group, 97);
}

static void limit(int resource, uint64_t soft) {
  struct rlimit wanted = {soft, soft}, had;
  if (getrlimit(resource, &had) == 0 && had.rlim_max < soft) wanted.rlim_cur = wanted.rlim_max = had.rlim_max;
  setrlimit(resource, &wanted);
}

uint32_t probe_confine(int report, uint32_t cpu_seconds, uint64_t data_bytes) {
  uint32_t had = PROBE_LIMITS;
  probe_report = report;
  fcntl(report, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, cpu_seconds);
  limit(RLIMIT_DATA, data_bytes);
  limit(RLIMIT_AS, data_bytes + (UINT64_C(16) << 30));
  limit(RLIMIT_FSIZE, UINT64_C(512) << 20);
  if (unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) had |= PROBE_NO_NETWORK;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return had;
  had |= PROBE_NO_NEW_PRIVILEGES;
  struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
  sigaction(SIGSYS, &action, NULL);
  if (install(always, COUNT(always), 0) == 0) had |= PROBE_SYSCALL_TRAP;
  return had;
}

void probe_watch_thread(void) {
  sigset_t faults;
  sigemptyset(&faults);
  sigaddset(&faults, SIGSYS);
  sigaddset(&faults, SIGSEGV);
  sigaddset(&faults, SIGBUS);
  pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
}

int probe_confine_thread(void) {
  return install(in_turn, COUNT(in_turn), 1);
}

uint64_t probe_allocated_bytes(void) {
  struct mallinfo2 facts = mallinfo2();
  return facts.uordblks + facts.hblkhd;
}

void probe_fresh_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 64 << 10);
  /* A huge page would be touched at once, whatever is written to it. */
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

uint64_t probe_touched_bytes(void) {
  struct rusage usage;
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? (uint64_t)usage.ru_minflt * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

int probe_close_from(void *actions, int first) { return posix_spawn_file_actions_addclosefrom_np(actions, first); }

int probe_kill_group(int child, int signal) { return kill(-child, signal); }
