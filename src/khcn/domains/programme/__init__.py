"""The science and technology programme: plan, objectives, tasks, money, councils, products and reports."""
