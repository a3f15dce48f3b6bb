import java.nio.file.Path;
import java.util.List;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.transport.Netty4Plugin;

/** usage: Node DIRECTORY PORT TRANSPORT_PORT: one node that is a cluster by itself, with its files below the directory. */
public class Node extends org.elasticsearch.node.Node {
    Node(Settings settings) {
        super(new Environment(settings, Path.of("/")), List.of(Netty4Plugin.class), false);
    }

    public static void main(String[] arguments) throws Exception {
        Node node = new Node(Settings.builder()
                .put("path.home", arguments[0])
                .put("node.name", "test")
                .put("cluster.name", "test")
                .put("discovery.type", "single-node")
                .put("transport.type", "netty4")
                .put("http.type", "netty4")
                .put("network.host", "127.0.0.1")
                .put("http.port", arguments[1])
                .put("transport.port", arguments[2])
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build());
        node.start();
        Thread.currentThread().join();
    }
}
