"""What the page of the quarter names: research, results, trade, firms, finance, grants, capacity, support."""
