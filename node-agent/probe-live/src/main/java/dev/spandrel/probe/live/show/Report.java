package dev.spandrel.probe.live.show;

import dev.spandrel.probe.live.session.Session;

/** What people and programs are told of a running program, in one form or another. */
public interface Report extends Session.Output {
    void attaching(int points);

    /** At the end. */
    void allMaps();

    /** Records that found no room. */
    void lost(long records);
}
