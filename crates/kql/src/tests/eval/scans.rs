//! `scan`, with the examples of its page.

use super::shown;
use insta::assert_snapshot;

#[test]
fn sums_so_far() {
    assert_snapshot!(
        shown(
            "datatable (x: long) [1, 2, 3, 4, 5] | serialize
             | scan declare (sum: long = 0) with (step s1: true => sum = x + s1.sum;)"
        ),
        @r"
    sum=1, x=1
    sum=3, x=2
    sum=6, x=3
    sum=10, x=4
    sum=15, x=5
    "
    );
}

#[test]
fn sessions() {
    assert_snapshot!(
        shown(
            "datatable (Ts: timespan, Event: string) [0m, 'A', 1m, 'A', 2m, 'B', 3m, 'D', 32m, 'B', 36m, 'C', 38m, 'D', 41m, 'E', 75m, 'A']
             | sort by Ts asc
             | scan with_match_id=id declare (start: timespan) with (
                 step in_session: true => start = iff(isnull(in_session.start), Ts, in_session.start);
                 step end_session output=none: Ts - in_session.start > 30m;
             )"
        ),
        @r"
    Event=A, Ts=00:00:00, id=0, start=00:00:00
    Event=A, Ts=00:01:00, id=0, start=00:00:00
    Event=B, Ts=00:02:00, id=0, start=00:00:00
    Event=D, Ts=00:03:00, id=0, start=00:00:00
    Event=B, Ts=00:32:00, id=1, start=00:32:00
    Event=C, Ts=00:36:00, id=1, start=00:32:00
    Event=D, Ts=00:38:00, id=1, start=00:32:00
    Event=E, Ts=00:41:00, id=1, start=00:32:00
    Event=A, Ts=01:15:00, id=2, start=01:15:00
    "
    );
}

#[test]
fn events_between_start_and_stop() {
    assert_snapshot!(
        shown(
            "datatable (Ts: timespan, Event: string) [0m, 'A', 1m, 'Start', 2m, 'B', 3m, 'D', 4m, 'Stop', 6m, 'C', 8m, 'Start', 11m, 'E', 12m, 'Stop']
             | sort by Ts asc
             | scan with_match_id=m_id with (
                 step s1: Event == 'Start';
                 step s2: Event != 'Start' and Event != 'Stop' and Ts - s1.Ts <= 5m;
                 step s3: Event == 'Stop' and Ts - s1.Ts <= 5m;
             )"
        ),
        @r"
    Event=Start, Ts=00:01:00, m_id=0
    Event=B, Ts=00:02:00, m_id=0
    Event=D, Ts=00:03:00, m_id=0
    Event=Stop, Ts=00:04:00, m_id=0
    Event=Start, Ts=00:08:00, m_id=1
    Event=E, Ts=00:11:00, m_id=1
    Event=Stop, Ts=00:12:00, m_id=1
    "
    );
}

#[test]
fn rows_must_be_in_order() {
    assert_eq!(shown("T | scan with (step s1: true;)"), "`scan` needs rows in order");
}
