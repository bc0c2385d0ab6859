import { nowUs } from '../clock.js';
import { Scheduler } from '../load/scheduler.js';
import { Recorder } from '../metrics/recorder.js';
import type { Snapshot, Source } from '../metrics/snapshot.js';
import type { BesideSpec } from '../scenario/scenario.js';
import { HttpLoop, type HttpLoopListener } from '../target/httpLoop.js';
import type { RunningTarget } from '../target/target.js';

const INTERVAL_US = 1_000_000;

/** Without it the requests take a core of the generator and one of the server, and are the storm themselves. */
const PAUSE_US = 10_000;
const DEADLINE_US = 10_000_000;

/** What the requests under way at the end may still take. */
const GRACE_US = 1_000_000;

/**
 * The HTTP requests beside a run and their books. Phases come as instants a little in the future and cut the
 * snapshots, as they do for the workers.
 */
export class BesideLoad {
  private readonly scheduler = new Scheduler();
  private readonly recorder: Recorder;
  private readonly timer: number;
  /** Agreed but not begun, in their order. */
  private readonly upcoming: string[] = [];
  private loop: HttpLoop | null = null;

  /** Sends nothing before `startUs`. */
  constructor(
    private readonly spec: BesideSpec,
    private readonly target: Pick<RunningTarget, 'url' | 'address'>,
    source: Source,
    private readonly startUs: number,
    private readonly onSnapshot: (snapshot: Snapshot) => void,
  ) {
    this.recorder = new Recorder(source, startUs);
    this.timer = this.scheduler.register(this);
    this.scheduler.schedule(this.timer, 0, Timer.start, startUs);
    this.scheduler.schedule(this.timer, 0, Timer.interval, startUs + INTERVAL_US);
  }

  enter(phase: string, atUs: number): void {
    if (atUs <= this.startUs) {
      this.recorder.phase = phase;
      return;
    }
    this.upcoming.push(phase);
    this.scheduler.schedule(this.timer, 0, Timer.phase, atUs);
  }

  /** Resolves when no request is under way any more and the last snapshot was handed over. */
  async stop(): Promise<void> {
    await this.loop?.stop(GRACE_US);
    this.scheduler.stop();
    if (this.loop !== null) this.onSnapshot(this.recorder.cut(nowUs()));
  }

  onDue(_connection: number, timer: number, dueUs: number): void {
    switch (timer) {
      case Timer.start:
        this.loop = this.startLoop();
        break;
      case Timer.interval:
        this.onSnapshot(this.recorder.cut(dueUs));
        this.scheduler.schedule(this.timer, 0, Timer.interval, dueUs + INTERVAL_US);
        break;
      case Timer.phase:
        this.onSnapshot(this.recorder.cut(dueUs));
        this.recorder.phase = this.upcoming.shift() ?? this.recorder.phase;
        break;
    }
  }

  private startLoop(): HttpLoop {
    const { path, connections } = this.spec;
    const options = { path, connections, pauseUs: PAUSE_US, deadlineUs: DEADLINE_US };
    return new HttpLoop(this.target, options, this.books());
  }

  private books(): HttpLoopListener {
    const books = this.recorder.population('');
    const requests = books.counter('http.requests');
    const answered = books.counter('http.answered');
    const refused = books.counter('http.refused');
    const errors = books.counter('http.errors');
    const response = books.histogram('http.response');
    return {
      onRequest() {
        requests.value++;
      },
      onAnswer(status, latencyUs) {
        if (status >= 200 && status <= 299) answered.value++;
        else refused.value++;
        response.record(latencyUs);
      },
      onError() {
        errors.value++;
      },
      onTimeout(waitedUs) {
        errors.value++;
        response.recordCensored(waitedUs);
      },
    };
  }
}

const Timer = { start: 0, interval: 1, phase: 2 } as const;
